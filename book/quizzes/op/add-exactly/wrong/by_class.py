# fails: whole numbers
def add_exactly(x, number):
    if not isinstance(number, int):
        raise ValueError("expected an integer")
    if not x.dtype.min <= number <= x.dtype.max:
        raise ValueError("out of range")
    return x + number
