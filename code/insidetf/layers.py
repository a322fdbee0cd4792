"""Custom layers that train, are saved, and come back.

The course writes a dense layer and a quadratic one with `tf.Variable`, which Keras does
not notice. These make their weights with `add_weight`, take an activation by name or as
a function, and are registered, so that a file with them can be opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

_register = keras.saving.register_keras_serializable(package="insidetf")


@_register
class SimpleDense(keras.layers.Layer):
    """A product with a kernel and a bias, (…, n) to (…, units).

    Args:
        units: the length of the result's last axis.
        activation: a name that `keras.activations.get` knows, a function, or None.
        options: what each Keras layer takes: `name`, `dtype`, `trainable`.

    Raises ValueError for units below 1.

    >>> layer = SimpleDense(4, activation="relu")
    >>> layer(ops.ones((2, 3))).shape, len(layer.trainable_variables)
    (TensorShape([2, 4]), 2)
    """

    def __init__(self, units: int = 32, activation: Any = None, **options: Any):
        if units < 1:
            raise ValueError(f"expected 1 unit or more, got {units}")
        super().__init__(**options)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make the weights for inputs of this length."""
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, name="kernel")
        self.bias = self.add_weight(
            shape=(self.units,), initializer="zeros", name="bias"
        )

    def call(self, inputs: Any) -> Any:
        """Return the activations."""
        return self.activation(ops.matmul(inputs, self.kernel) + self.bias)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> tuple:
        """Return the shape of the result."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, the activation in a form that a file can hold."""
        activation = keras.activations.serialize(self.activation)
        own = {"units": self.units, "activation": activation}
        return super().get_config() | own


@_register
class SimpleQuadratic(keras.layers.Layer):
    """The course's quadratic layer: x² A + x B + c, with an activation.

    Args and errors as for `SimpleDense`.
    """

    def __init__(self, units: int = 32, activation: Any = None, **options: Any):
        if units < 1:
            raise ValueError(f"expected 1 unit or more, got {units}")
        super().__init__(**options)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make the three weights for inputs of this length."""
        shape = (input_shape[-1], self.units)
        self.a = self.add_weight(shape=shape, name="a")
        self.b = self.add_weight(shape=shape, name="b")
        self.c = self.add_weight(shape=(self.units,), initializer="zeros", name="c")

    def call(self, inputs: Any) -> Any:
        """Return the activations."""
        squares = ops.matmul(ops.square(inputs), self.a)
        return self.activation(squares + ops.matmul(inputs, self.b) + self.c)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> tuple:
        """Return the shape of the result."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, the activation in a form that a file can hold."""
        activation = keras.activations.serialize(self.activation)
        own = {"units": self.units, "activation": activation}
        return super().get_config() | own
