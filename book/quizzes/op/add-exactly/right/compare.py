import numpy as np


def add_exactly(x, number):
    cast = np.asarray(number).astype(x.dtype.as_numpy_dtype)
    if int(cast) != number:
        raise ValueError(f"{number} is no number of {x.dtype}")
    return x + cast
