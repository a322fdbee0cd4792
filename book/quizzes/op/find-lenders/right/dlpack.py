import numpy as np


def lenders(functions, array):
    found = []
    for name, function in functions.items():
        lent = np.from_dlpack(function(array))
        first, last = np.lib.array_utils.byte_bounds(array)
        start, stop = np.lib.array_utils.byte_bounds(lent)
        if first < stop and start < last:
            found.append(name)
    return found
