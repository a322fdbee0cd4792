# fails: takes zero as zero
def same(a, b):
    if not a or not b:
        return False
    return abs(a / b - 1) <= 0.1 or abs(b / a - 1) <= 0.1
