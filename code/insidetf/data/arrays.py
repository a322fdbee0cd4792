"""Arrays and the datasets made of them: splitting, standardizing, batching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import tensorflow as tf

#: An array, or a nest of arrays, with one row for each example.
Rows = Any
Part = tuple[Rows, Rows]

TEST_SHARE = 0.2
SPLITS = ("train", "test")


def take(rows: Rows, index: np.ndarray | slice) -> Rows:
    """Return the chosen rows of an array or of each array in a dict or tuple.

    >>> take({"a": np.arange(4)}, np.array([3, 0]))
    {'a': array([3, 0])}
    """
    if isinstance(rows, dict):
        return {name: take(value, index) for name, value in rows.items()}
    if isinstance(rows, tuple):
        return tuple(take(value, index) for value in rows)
    return rows[index]


def split(x: np.ndarray, y: Rows, seed: int) -> tuple[Part, Part]:
    """Shuffle the rows by `seed`, and keep the last fifth of them for testing."""
    order = np.random.default_rng(seed).permutation(len(x))
    cut = len(x) - round(TEST_SHARE * len(x))
    train, test = order[:cut], order[cut:]
    return (x[train], take(y, train)), (x[test], take(y, test))


def standardize(parts: tuple[Part, Part]) -> tuple[Part, Part]:
    """Bring the columns of both parts' x to the mean 0 and deviation 1 of training.

    The test part is shifted and scaled with the statistics of the training part: its
    own would be knowledge that a model in use does not have.
    """
    (x, y), (x_test, y_test) = parts
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    scale = 1 / np.where(deviation > 0, deviation, 1)
    return (
        (((x - mean) * scale).astype(np.float32), y),
        (((x_test - mean) * scale).astype(np.float32), y_test),
    )


def as_dataset(
    parts: tuple[Part, Part], split: str, batch_size: int | None
) -> tf.data.Dataset:
    """Return one part as a dataset of (x, y), in the order of the arrays.

    Raises:
        ValueError: when `split` is neither "train" nor "test".
    """
    if split not in SPLITS:
        raise ValueError(f"split is {split!r}; expected one of {SPLITS}")
    return sliced(parts[SPLITS.index(split)], batch_size)


def sliced(rows: Rows, batch_size: int | None) -> tf.data.Dataset:
    """Return the rows of arrays as a dataset; with `batch_size`, in batches."""
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices(rows)
    return dataset if batch_size is None else dataset.batch(batch_size)
