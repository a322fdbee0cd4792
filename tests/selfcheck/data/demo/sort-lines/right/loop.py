def sort_lines(text):
    lines = text.splitlines()
    lines.sort()
    return lines
