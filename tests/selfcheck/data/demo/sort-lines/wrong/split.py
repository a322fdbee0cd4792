# fails: takes an empty text
def sort_lines(text):
    return sorted(text.split("\n"))
