# fails: a word
def first(text):
    return text.strip()[:1]
