# fails: sorts
def sort_lines(text):
    return text.splitlines()
