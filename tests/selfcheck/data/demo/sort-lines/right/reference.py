def sort_lines(text):
    return sorted(text.splitlines())
