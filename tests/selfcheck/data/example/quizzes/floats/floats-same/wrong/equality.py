# fails: takes neighbors as the same
def same(a, b):
    return a == b
