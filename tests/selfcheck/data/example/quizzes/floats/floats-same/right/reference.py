def same(a, b):
    largest = max(abs(a), abs(b))
    return abs(a - b) <= 0.1 * largest
