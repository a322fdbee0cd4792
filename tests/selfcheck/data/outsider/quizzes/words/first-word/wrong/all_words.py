# fails: a word
def first(text):
    return text.split()
