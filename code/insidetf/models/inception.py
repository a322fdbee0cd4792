"""Inception {cite}`szegedy2015going`: four ways to look at one picture, side by side.

The blocks are functions from symbolic tensor to symbolic tensor. Their layers become
layers of the model that is made, so each of them can be looked at, frozen, or cut at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
from keras import layers


class Widths(NamedTuple):
    """Channels of a block's convolutions, in the order of the paper's table.

    `reduce_3` and `reduce_5` are those of the 1x1 convolutions in front of the large
    ones, `pool` that of the one behind the pooling.
    """

    one: int
    reduce_3: int
    three: int
    reduce_5: int
    five: int
    pool: int

    @property
    def total(self) -> int:
        """Channels of the output: those of the four branches together."""
        return self.one + self.three + self.five + self.pool


#: The first block of GoogLeNet, "3a", for 28 x 28 x 192.
GOOGLENET_3A = Widths(64, 96, 128, 16, 32, 32)
#: Blocks for pictures of fifty pixels.
SMALL = (Widths(8, 8, 16, 4, 8, 8), Widths(16, 16, 32, 8, 16, 16))


def inception_block(x: Any, widths: Widths, name: str) -> Any:
    """Return four branches of `x`, (B, h, w, c) to (B, h, w, widths.total).

    Layers are named by branch and order, such as `name_5x5_0` and `name_5x5_1`.
    """

    def conv(x: Any, filters: int, size: int, ending: str) -> Any:
        return layers.Conv2D(
            filters, size, padding="same", activation="relu", name=f"{name}_{ending}"
        )(x)

    branches = [
        conv(x, widths.one, 1, "1x1"),
        conv(conv(x, widths.reduce_3, 1, "3x3_0"), widths.three, 3, "3x3_1"),
        conv(conv(x, widths.reduce_5, 1, "5x5_0"), widths.five, 5, "5x5_1"),
        conv(_pool(x, 1, f"{name}_pool_0"), widths.pool, 1, "pool_1"),
    ]
    return layers.Concatenate(name=f"{name}_join")(branches)


def naive_block(x: Any, widths: Widths, name: str) -> Any:
    """Return the block without the 1x1 convolutions, to compare its cost.

    The pooled branch keeps the channels of `x`.
    """
    sizes = {1: widths.one, 3: widths.three, 5: widths.five}
    branches = [
        layers.Conv2D(
            filters, size, padding="same", activation="relu", name=f"{name}_{size}"
        )(x)
        for size, filters in sizes.items()
    ]
    return layers.Concatenate(name=f"{name}_join")(
        [*branches, _pool(x, 1, f"{name}_pool")]
    )


def inception(
    shape: Sequence[int],
    classes: int,
    blocks: Sequence[Widths] = SMALL,
    stem: int = 16,
    dropout: float = 0.2,
) -> keras.Model:
    """Return a small classifier of pictures, in logits.

    A strided convolution and a pooling bring a picture to a quarter of its height and
    width, each block but the last is followed by a pooling, and the mean over all
    places goes to the classifier, as in the paper.

    Args:
        shape: (h, w, c), values in [0, 255].
        classes: how many there are.
        blocks: the widths of each block.
        stem: channels before the first block.
        dropout: share of the features that is dropped in training.
    """
    smallest = 2 ** (len(blocks) + 1)
    if min(shape[:2]) < smallest:
        raise ValueError(
            f"expected pictures of {smallest} x {smallest} or more for {len(blocks)} "
            f"blocks, got {shape[0]} x {shape[1]}"
        )
    inputs = keras.Input(shape, name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(inputs)
    x = layers.Conv2D(
        stem, 5, strides=2, padding="same", activation="relu", name="stem"
    )(x)
    x = _pool(x, 2, "stem_pool")
    for number, widths in enumerate(blocks):
        x = _pool(x, 2, f"pool_{number}") if number else x
        x = inception_block(x, widths, f"block_{number}")
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    x = layers.Dropout(dropout, seed=0, name="dropout")(x)
    return keras.Model(
        inputs, layers.Dense(classes, name="logits")(x), name="inception"
    )


def _pool(x: Any, strides: int, name: str) -> Any:
    return layers.MaxPooling2D(3, strides, padding="same", name=name)(x)
