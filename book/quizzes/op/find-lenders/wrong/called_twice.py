# fails: one call of each
import numpy as np


def lenders(functions, array):
    first = {name: np.asarray(function(array)) for name, function in functions.items()}
    again = {name: np.asarray(function(array)) for name, function in functions.items()}
    return [
        name
        for name in functions
        if np.shares_memory(first[name], array) and np.shares_memory(again[name], array)
    ]
