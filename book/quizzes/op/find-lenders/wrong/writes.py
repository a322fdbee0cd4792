# fails: the array stays
import numpy as np


def lenders(functions, array):
    results = {name: function(array) for name, function in functions.items()}
    before = {name: np.array(result) for name, result in results.items()}
    array += 1
    return [
        name
        for name, result in results.items()
        if not np.array_equal(before[name], np.asarray(result))
    ]
