# fails: fractions
def add_exactly(x, number):
    whole = int(number)
    if not x.dtype.min <= whole <= x.dtype.max:
        raise ValueError("expected a number that the dtype holds")
    return x + whole
