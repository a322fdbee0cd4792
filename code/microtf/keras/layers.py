"""The layers that the chapters train.

Keras: keras/src/layers/core/, keras/src/layers/normalization/,
keras/src/layers/regularization/, keras/src/layers/merging/.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.keras import activations, initializers
from microtf.keras.layer import Layer
from microtf.keras.seed_generator import SeedGenerator, random_mask
from microtf.math_ops import concat, matmul, reduce_mean, reshape, sqrt, square
from microtf.nn import bias_add
from microtf.tensor import convert_to_tensor


class Dense(Layer):
    """A product with a kernel, a bias, and an activation: (…, n) to (…, units)."""

    def __init__(
        self,
        units: int,
        activation: str | None = None,
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        name: str | None = None,
    ):
        super().__init__(name=name)
        self.units, self.use_bias = units, use_bias
        self.activation = activations.get(activation)
        self._kernel_initializer = initializers.get(kernel_initializer)

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make kernel and bias for inputs of this length."""
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(shape, self._kernel_initializer, name="kernel")
        if self.use_bias:
            self.bias = self.add_weight((self.units,), "zeros", name="bias")

    def check_input(self, first: Any) -> None:
        """Raise ValueError for another length than that of the first call."""
        if self.built and first.shape[-1] != self.kernel.shape[0]:
            raise ValueError(
                f"Input of layer {self.name!r} is incompatible with the layer: "
                f"expected axis -1 of length {self.kernel.shape[0]}, got shape "
                f"{first.shape}"
            )

    def call(self, inputs: Any) -> Any:
        """Return the activations."""
        outputs = matmul(inputs, convert_to_tensor(self.kernel))
        if self.use_bias:
            outputs = bias_add(outputs, convert_to_tensor(self.bias))
        return self.activation(outputs)


class Activation(Layer):
    """A function of each element, by its name."""

    def __init__(self, activation: str, name: str | None = None):
        super().__init__(name=name)
        self.activation = activations.get(activation)

    def call(self, inputs: Any) -> Any:
        """Return the function of the inputs."""
        return self.activation(inputs)


class Lambda(Layer):
    """A function as a layer. What the function uses from outside is not tracked."""

    def __init__(self, function: Callable[..., Any], name: str | None = None):
        super().__init__(name=name)
        self.function = function

    def call(self, inputs: Any) -> Any:
        """Return what the function returns."""
        return self.function(inputs)


class Flatten(Layer):
    """All axes but the first in one: (B, …) to (B, n)."""

    def call(self, inputs: Any) -> Any:
        """Return the same numbers in rows."""
        return reshape(inputs, [-1, int(np.prod(inputs.shape[1:]))])


class Add(Layer):
    """The sum of a list of tensors."""

    def call(self, inputs: Sequence[Any]) -> Any:
        """Return the sum."""
        total = inputs[0]
        for term in inputs[1:]:
            total = total + term
        return total


class Concatenate(Layer):
    """A list of tensors, one behind the other along the last axis."""

    def call(self, inputs: Sequence[Any]) -> Any:
        """Return the longer tensor."""
        return concat(list(inputs), len(inputs[0].shape) - 1)


class Dropout(Layer):
    """In training, replace a part of the inputs by zero, and scale the rest up."""

    def __init__(self, rate: float, seed: int = 0, name: str | None = None):
        super().__init__(name=name)
        self.rate = rate
        self.seed_generator = SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, or what is left of them."""
        if not training or self.rate == 0.0:
            return inputs
        kept = 1.0 - self.rate
        mask = random_mask(inputs, self.seed_generator.next(), keep=kept)
        return inputs * mask / kept


class BatchNormalization(Layer):
    """Center and scale each feature, by the batch in training, else by the past."""

    def __init__(
        self, momentum: float = 0.99, epsilon: float = 1e-3, name: str | None = None
    ):
        super().__init__(name=name)
        self.momentum, self.epsilon = momentum, epsilon

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make two weights, and two variables that no gradient changes."""
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape, "ones", name="gamma")
        self.beta = self.add_weight(shape, "zeros", name="beta")
        fixed = {"trainable": False}
        self.moving_mean = self.add_weight(shape, "zeros", name="moving_mean", **fixed)
        self.moving_variance = self.add_weight(
            shape, "ones", name="moving_variance", **fixed
        )

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the normalized inputs; in training, note what was seen."""
        if training and self.trainable:
            axes = list(range(len(inputs.shape) - 1))
            mean = reduce_mean(inputs, axes)
            variance = reduce_mean(square(inputs - mean), axes)
            self._note(self.moving_mean, mean)
            self._note(self.moving_variance, variance)
        else:
            mean = convert_to_tensor(self.moving_mean)
            variance = convert_to_tensor(self.moving_variance)
        scale = convert_to_tensor(self.gamma) / sqrt(variance + self.epsilon)
        return (inputs - mean) * scale + convert_to_tensor(self.beta)

    def _note(self, moving: Any, value: Any) -> None:
        old = convert_to_tensor(moving)
        moving.assign(old * self.momentum + value * (1.0 - self.momentum))
