# fails: no word
def first(text):
    return (text.split() or [None])[0]
