"""Keras's machinery in miniature, on microtf.

>>> from microtf import keras as mk
>>> dense = mk.layers.Dense(2)
>>> dense.build((None, 3))
>>> [weight.shape for weight in dense.weights]
[(3, 2), (2,)]
"""

from microtf.keras import activations as activations
from microtf.keras import callbacks as callbacks
from microtf.keras import initializers as initializers
from microtf.keras import layers as layers
from microtf.keras import losses as losses
from microtf.keras import metrics as metrics
from microtf.keras import ops as ops
from microtf.keras import optimizers as optimizers
from microtf.keras.function import Function as Function
from microtf.keras.functional import Functional as Functional
from microtf.keras.functional import clone_model as clone_model
from microtf.keras.input_layer import Input as Input
from microtf.keras.keras_tensor import KerasTensor as KerasTensor
from microtf.keras.layer import Layer as Layer
from microtf.keras.model import Model as Model
from microtf.keras.sequential import Sequential as Sequential
from microtf.keras.variable import Variable as Variable
