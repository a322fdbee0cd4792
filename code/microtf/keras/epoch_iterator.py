"""Arrays cut into batches, and the numbers of the steps that will take them.

Keras: keras/src/trainers/epoch_iterator.py and the adapters in
keras/src/trainers/data_adapters/.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from microtf.nest import flatten, pack_sequence_as
from microtf.tensor import convert_to_tensor


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> tuple:
    """Return a tuple of what there is, as a step takes it.

    >>> pack_x_y_sample_weight(1, 2)
    (1, 2)
    """
    if sample_weight is not None:
        return x, y, sample_weight
    return (x,) if y is None else (x, y)


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """Return `x, y, sample_weight` of a batch, with None for what it lacks."""
    if not isinstance(data, tuple):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ValueError(
            f"expected a batch (x,), (x, y), or (x, y, weight), got {len(data)} parts"
        )
    return (*data, None, None)[:3]


def take(structure: Any, rows: Any) -> Any:
    """Return these rows of every array in a structure."""
    arrays = [None if a is None else a[rows] for a in flatten(structure)]
    return pack_sequence_as(structure, arrays)


def train_validation_split(data: tuple, validation_split: float) -> tuple[tuple, tuple]:
    """Cut off the last part of all arrays, before any shuffling."""
    if not 0 < validation_split < 1:
        raise ValueError(
            f"expected a part between 0 and 1 for validation, got {validation_split}"
        )
    data = tuple(_as_arrays(part) for part in data)
    rows = math.floor(_length(data) * (1 - validation_split))
    return take(data, slice(rows)), take(data, slice(rows, None))


class EpochIterator:
    """Yields, each time it is iterated, the executions of one epoch.

    An execution is a triple: the numbers of its first and of its last step, and an
    iterator over batches of tensors, the same one for the whole epoch. Whoever gets it
    has to take `steps_per_execution` batches out.

    >>> epoch = EpochIterator(np.zeros((10, 2)), batch_size=4, steps_per_execution=2)
    >>> [(begin, end) for begin, end, batches in epoch]
    [(0, 1), (2, 3)]
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        batch_size: int | None = None,
        shuffle: bool = False,
        steps_per_execution: int = 1,
        seed: int | None = None,
    ):
        packed = pack_x_y_sample_weight(x, y, sample_weight)
        self._data = tuple(_as_arrays(part) for part in packed)
        self._rows = _length(self._data)
        self._batch_size = batch_size or 32
        self._shuffle, self._random = shuffle, np.random.default_rng(seed)
        self.steps_per_execution = steps_per_execution

    @property
    def num_batches(self) -> int:
        """How many batches an epoch has; the last one may be smaller."""
        return math.ceil(self._rows / self._batch_size)

    def __iter__(self) -> Iterator[tuple[int, int, Iterator[tuple]]]:
        batches = self._batches()
        for step in range(0, self.num_batches, self.steps_per_execution):
            yield step, step + self.steps_per_execution - 1, batches

    def _batches(self) -> Iterator[tuple]:
        order = np.arange(self._rows)
        if self._shuffle:  # anew in each epoch
            self._random.shuffle(order)
        for start in range(0, self._rows, self._batch_size):
            batch = take(self._data, order[start : start + self._batch_size])
            leaves = [
                None if a is None else convert_to_tensor(a) for a in flatten(batch)
            ]
            yield pack_sequence_as(batch, leaves)


def _as_arrays(structure: Any) -> Any:
    """Return arrays in place of array-likes; what is a float becomes a float32."""

    def to_array(leaf: Any) -> Any:
        if leaf is None:
            return None
        array = np.asarray(leaf)
        return array.astype(np.float32) if array.dtype.kind == "f" else array

    # A list of numbers is an array here; a list of arrays has several inputs.
    if isinstance(structure, list) and not hasattr(structure[0], "shape"):
        return to_array(structure)
    return pack_sequence_as(structure, [to_array(leaf) for leaf in flatten(structure)])


def _length(data: Sequence[Any]) -> int:
    lengths = {len(array) for array in flatten(data) if array is not None}
    if len(lengths) != 1:
        raise ValueError(
            "expected arrays with the same number of examples, got the numbers "
            f"{sorted(lengths)}"
        )
    return lengths.pop()
