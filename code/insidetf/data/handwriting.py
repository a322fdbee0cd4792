"""Handwritten digits, as arrays and as a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insidetf.data import full, shipped
from insidetf.data.arrays import Part, as_dataset, split
from insidetf.data.source import choose_source

if TYPE_CHECKING:
    import tensorflow as tf


def digits_arrays(*, source: str | None = None, seed: int = 0) -> tuple[Part, Part]:
    """Handwritten digits, ink 1 on paper 0.

    Args:
        source: "local": scikit-learn's 1797 pictures of 8 x 8; "full": TFDS `mnist`,
            70,000 of 28 x 28. None: what INSIDETF_SOURCE says.
        seed: what divides the local pictures into training (four fifths) and testing;
            MNIST's own division stays.

    Returns:
        ((x, y), (x_test, y_test)), x float32 (n, 8, 8, 1) in [0, 1], y int64 (n,).

    >>> (x, y), (x_test, y_test) = digits_arrays()
    >>> x.shape, x_test.shape, y.dtype, float(x.max())
    ((1438, 8, 8, 1), (359, 8, 8, 1), dtype('int64'), 1.0)
    """
    if choose_source(source) == "full":
        return full.digits()
    x, y = shipped.table("digits")
    x = (x / 16).astype(np.float32).reshape(-1, 8, 8, 1)
    return split(x, y.astype(np.int64), seed)


def digits(
    split: str = "train",
    batch_size: int | None = None,
    *,
    source: str | None = None,
    seed: int = 0,
) -> tf.data.Dataset:
    """Return (x, y) of `digits_arrays`, in its order, as a dataset."""
    return as_dataset(digits_arrays(source=source, seed=seed), split, batch_size)
