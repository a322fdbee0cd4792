import numpy as np


def add_exactly(x, number):
    """Return x + number in the dtype of `x`; ValueError where it cannot hold it."""
    whole = int(number)
    limits = np.iinfo(x.dtype.as_numpy_dtype)
    if whole != number or not limits.min <= whole <= limits.max:
        raise ValueError(f"expected a number that {x.dtype.name} holds, got {number}")
    return x + whole
