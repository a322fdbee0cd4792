import numpy as np


def lenders(functions, array):
    """Return the names of the functions whose result lies in the memory of `array`."""
    return [
        name
        for name, function in functions.items()
        if np.array_equal(function(array), array)
    ]
