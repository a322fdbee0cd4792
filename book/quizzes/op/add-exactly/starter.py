def add_exactly(x, number):
    """Return x + number in the dtype of `x`; ValueError where it cannot hold it."""
    return x + number
