"""Pairs of examples that are of one class, or of two: what a Siamese network sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insidetf.data.arrays import sliced

if TYPE_CHECKING:
    import tensorflow as tf

Pairs = tuple[tuple[np.ndarray, np.ndarray], np.ndarray]


def pairs_arrays(
    x: np.ndarray, y: np.ndarray, count: int | None = None, *, seed: int = 0
) -> Pairs:
    """Pair labeled examples: half of the pairs are of one class, half of two.

    Classes take turns as the class of the first example, so that each is as often in
    the pairs as any other, however the labels are distributed. No example is paired
    with itself. The same arguments give the same pairs in the same order.

    Args:
        x: (n, ...), y: (n,) integer labels, at least two classes, two examples in each.
        count: how many pairs; None: one for each example, or one less when n is odd.
        seed: what chooses the examples and shuffles the pairs.

    Returns:
        ((left, right), same): two arrays of `count` rows of x, and float32 (count,), 1
        for a pair of one class and 0 for a pair of two.

    Raises:
        ValueError: when count is odd, or a class has fewer than two examples.

    >>> (a, b), same = pairs_arrays(np.arange(8), np.array([0, 1] * 4), 8)
    >>> bool(((a % 2 == b % 2) == same).all()), float(same.mean()), bool((a != b).all())
    (True, 0.5, True)
    """
    x, y = np.asarray(x), np.asarray(y)
    count = len(y) // 2 * 2 if count is None else count
    members = _members(x, y, count)
    rng = np.random.default_rng(seed)
    left, right, same = [], [], np.arange(count) % 2
    for k in range(count):
        first = k // 2 % len(members)
        step = 0 if same[k] else 1 + rng.integers(len(members) - 1)
        second = (first + step) % len(members)
        left.append(rng.choice(members[first]))
        right.append(_another(rng, members[second], left[-1]))
    order = rng.permutation(count)
    chosen = (np.array(rows, np.int64)[order] for rows in (left, right))
    return tuple(x[rows] for rows in chosen), same[order].astype(np.float32)


def _members(x: np.ndarray, y: np.ndarray, count: int) -> list[np.ndarray]:
    """Return the row numbers of each class, after a check that pairs can be made."""
    if len(x) != len(y) or y.ndim != 1:
        raise ValueError(
            f"x has {len(x)} rows, y the shape {y.shape}; expected (rows,)"
        )
    members = [np.flatnonzero(y == label) for label in np.unique(y)]
    if len(members) < 2 or min(map(len, members)) < 2:
        sizes = [len(rows) for rows in members]
        raise ValueError(
            f"classes have {sizes} examples; expected two of 2 or more each"
        )
    if count % 2 or count < 2:
        raise ValueError(f"count is {count}; expected an even number, for equal halves")
    return members


def _another(rng: np.random.Generator, rows: np.ndarray, taken: int) -> int:
    """Return one of `rows` that is not `taken`."""
    others = rows[rows != taken]
    return int(others[rng.integers(len(others))])


def pairs(
    x: np.ndarray,
    y: np.ndarray,
    count: int | None = None,
    batch_size: int | None = None,
    *,
    seed: int = 0,
) -> tf.data.Dataset:
    """Return ((left, right), same) of `pairs_arrays`, in its order, as a dataset."""
    return sliced(pairs_arrays(x, y, count, seed=seed), batch_size)
