# fails: scales with the numbers
def same(a, b):
    return abs(a - b) <= 0.1
