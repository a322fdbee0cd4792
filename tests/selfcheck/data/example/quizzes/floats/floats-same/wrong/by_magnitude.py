# fails: tells numbers of other signs apart
def same(a, b):
    return abs(abs(a) - abs(b)) <= 0.1 * max(abs(a), abs(b))
