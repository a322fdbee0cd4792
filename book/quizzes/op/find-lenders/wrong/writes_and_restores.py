# fails: a read-only array
import numpy as np


def lenders(functions, array):
    results = {name: function(array) for name, function in functions.items()}
    before = {name: np.array(result) for name, result in results.items()}
    np.negative(array, out=array)
    found = [
        name
        for name, result in results.items()
        if not np.array_equal(before[name], np.asarray(result))
    ]
    np.negative(array, out=array)
    return found
