# fails: functions that lend
import numpy as np


def lenders(functions, array):
    return [
        name
        for name, function in functions.items()
        if np.shares_memory(array, function(array).numpy())
    ]
