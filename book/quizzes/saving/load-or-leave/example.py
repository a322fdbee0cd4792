import tempfile

import keras
import numpy as np


def make(last):
    return keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(4), keras.layers.Dense(last)]
    )


source, target = make(2), make(3)
path = tempfile.mkdtemp() + "/m.weights.h5"
source.save_weights(path)
before = target.get_weights()
print(load_or_leave(target, path), "expected: False")
print(all(map(np.array_equal, before, target.get_weights())), "expected: True")
