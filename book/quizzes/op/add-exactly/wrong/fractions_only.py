# fails: numbers out of range
def add_exactly(x, number):
    if int(number) != number:
        raise ValueError("expected a whole number")
    return x + int(number)
