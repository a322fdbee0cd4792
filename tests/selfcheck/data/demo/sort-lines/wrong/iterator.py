# fails: sorts
def sort_lines(text):
    return reversed(text.splitlines())
