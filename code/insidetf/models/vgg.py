"""VGG {cite}`simonyan2015vgg`: blocks of convolutions, a pooling behind each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

_register = keras.saving.register_keras_serializable(package="insidetf")


@_register
class VGGBlock(keras.layers.Layer):
    """A number of convolutions, and a pooling that halves height and width.

    The convolutions are in a list, which Keras tracks; attributes that are set behind
    its back, by `vars(self)`, are not.

    Args:
        filters: channels of each convolution.
        repetitions: how many there are.
    """

    def __init__(self, filters: int, repetitions: int = 2, **options: Any):
        if repetitions < 1:
            raise ValueError(f"expected one repetition or more, got {repetitions}")
        super().__init__(**options)
        self.filters, self.repetitions = filters, repetitions
        self.convolutions = [
            keras.layers.Conv2D(filters, 3, padding="same", activation="relu")
            for _ in range(repetitions)
        ]
        self.pooling = keras.layers.MaxPooling2D()

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make the weights of each convolution for what the one before it returns."""
        for convolution in self.convolutions:
            convolution.build(input_shape)
            input_shape = convolution.compute_output_shape(input_shape)

    def call(self, x: Any) -> Any:
        """Return (B, h // 2, w // 2, filters) for (B, h, w, c)."""
        for convolution in self.convolutions:
            x = convolution(x)
        return self.pooling(x)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        own = {"filters": self.filters, "repetitions": self.repetitions}
        return super().get_config() | own


#: Filters and repetitions of VGG-16's blocks.
VGG16 = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))


def vgg(
    shape: Sequence[int],
    classes: int,
    blocks: Sequence[tuple[int, int]] = VGG16,
    hidden: int = 4096,
) -> keras.Model:
    """Return a classifier of the given blocks and one hidden layer, in logits.

    Each block halves height and width, so pictures of 2 ** len(blocks) are the least.
    """
    smallest = 2 ** len(blocks)
    if min(shape[:2]) < smallest:
        raise ValueError(
            f"expected pictures of {smallest} x {smallest} or more for {len(blocks)} "
            f"blocks, got {shape[0]} x {shape[1]}"
        )
    layers: list[Any] = [keras.Input(shape)]
    layers += [VGGBlock(filters, repetitions) for filters, repetitions in blocks]
    layers += [keras.layers.Flatten(), keras.layers.Dense(hidden, activation="relu")]
    return keras.Sequential([*layers, keras.layers.Dense(classes)], name="vgg")
