"""Keras's machinery in miniature, on microtf.

>>> from microtf import keras as mk
>>> dense = mk.layers.Dense(2)
>>> dense.build((None, 3))
>>> [weight.shape for weight in dense.weights]
[(3, 2), (2,)]
"""

from microtf.keras import activations as activations
from microtf.keras import initializers as initializers
from microtf.keras import layers as layers
from microtf.keras.keras_tensor import KerasTensor as KerasTensor
from microtf.keras.layer import Layer as Layer
from microtf.keras.variable import Variable as Variable
