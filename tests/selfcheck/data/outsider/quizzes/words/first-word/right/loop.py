def first(text):
    for word in text.split():
        return word
    return ""
