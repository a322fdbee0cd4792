# fails: fractions
import numpy as np


def add_exactly(x, number):
    if int(np.asarray(number).astype(x.dtype.as_numpy_dtype)) != number:
        raise TypeError("expected a number that the dtype holds")
    return x + int(number)
