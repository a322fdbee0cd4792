"""Two photographs, as arrays and as a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insidetf.data import shipped
from insidetf.data.arrays import sliced

if TYPE_CHECKING:
    import tensorflow as tf

PHOTOGRAPHS = ("china", "flower")


def photographs_arrays() -> tuple[np.ndarray, np.ndarray]:
    """Return the two photographs that scikit-learn ships, and their names.

    Returns:
        (images, names): uint8 (2, 427, 640, 3), and their names, "china" (a temple in
        Beijing) and "flower" (a dahlia), as an array of text.
    """
    import tensorflow as tf

    folder = shipped.folder("two photographs") / "images"
    files = [(folder / f"{name}.jpg").read_bytes() for name in PHOTOGRAPHS]
    # The default method rounds differently from one machine to the next.
    images = [
        tf.io.decode_jpeg(f, dct_method="INTEGER_ACCURATE").numpy() for f in files
    ]
    return np.stack(images), np.array(PHOTOGRAPHS)


def photographs(batch_size: int | None = None) -> tf.data.Dataset:
    """Return (image, name) of `photographs_arrays` as a dataset."""
    return sliced(photographs_arrays(), batch_size)
