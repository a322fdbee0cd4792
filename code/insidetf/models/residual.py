"""Residual networks {cite}`he2016residual`: blocks that add to what they were given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

_register = keras.saving.register_keras_serializable(package="insidetf")


@_register
class ResidualBlock(keras.layers.Layer):
    """Two convolutions, and the input added; a projection where the shapes differ.

    Args:
        filters: channels of the output.
        strides: 1 keeps height and width, 2 halves them.
        momentum: of the moving statistics; with Keras's 0.99 they lag behind the
            weights for hundreds of steps, and short trainings evaluate badly.

    (B, h, w, c) to (B, ceil(h / strides), ceil(w / strides), filters). Whether there is
    a projection is known when the block is built: it needs the number of channels.
    """

    def __init__(
        self, filters: int, strides: int = 1, momentum: float = 0.9, **options: Any
    ):
        super().__init__(**options)
        self.filters, self.strides, self.momentum = filters, strides, momentum
        conv = dict(padding="same", use_bias=False)
        self.conv_1 = keras.layers.Conv2D(filters, 3, strides, **conv)
        self.norm_1 = keras.layers.BatchNormalization(momentum=momentum)
        self.conv_2 = keras.layers.Conv2D(filters, 3, **conv)
        self.norm_2 = keras.layers.BatchNormalization(momentum=momentum)
        self.projection: keras.layers.Layer | None = None

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make the weights, and a projection if the input cannot be added as it is."""
        if self.strides != 1 or input_shape[-1] != self.filters:
            self.projection = keras.layers.Conv2D(self.filters, 1, self.strides)
            self.projection.build(input_shape)
        self.conv_1.build(input_shape)
        shape = self.conv_1.compute_output_shape(input_shape)
        for layer in (self.norm_1, self.conv_2, self.norm_2):
            layer.build(shape)

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Return the sum of the way through and the way around."""
        shortcut = x if self.projection is None else self.projection(x)
        y = keras.ops.relu(self.norm_1(self.conv_1(x), training=training))
        y = self.norm_2(self.conv_2(y), training=training)
        return keras.ops.relu(y + shortcut)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> tuple:
        """Return the shape of the output."""
        return self.conv_1.compute_output_shape(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        own = {name: getattr(self, name) for name in ("filters", "strides", "momentum")}
        return super().get_config() | own


def residual_network(
    shape: Sequence[int], classes: int, widths: Sequence[int] = (16, 32)
) -> keras.Model:
    """Return a classifier with two blocks of each width, in logits.

    From the second width on the first block halves height and width.
    """
    inputs = keras.Input(shape)
    x = keras.layers.Conv2D(widths[0], 3, padding="same", activation="relu")(inputs)
    for number, width in enumerate(widths):
        x = ResidualBlock(width, strides=1 if number == 0 else 2)(x)
        x = ResidualBlock(width)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(classes)(x), name="residual_network")
