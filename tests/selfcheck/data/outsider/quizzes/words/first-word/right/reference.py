def first(text):
    words = text.split()
    return words[0] if words else ""
