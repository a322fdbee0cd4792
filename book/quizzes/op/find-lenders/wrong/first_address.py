# fails: parts of the array
import numpy as np


def lenders(functions, array):
    return [
        name
        for name, function in functions.items()
        if np.asarray(function(array)).ctypes.data == array.ctypes.data
    ]
