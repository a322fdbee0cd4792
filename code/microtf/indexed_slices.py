"""Gradients that hold only some rows of a tensor.

TensorFlow: tensorflow/python/framework/indexed_slices.py, and
`AggregateIndexedSlicesGradients` in tensorflow/python/eager/backprop_util.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from microtf.op import op
from microtf.tensor import Tensor, register_tensor_conversion_function


class IndexedSlices:
    """The rows `values` of a tensor of shape `dense_shape`, whose others are zero.

    `values[i]` belongs to row `indices[i]`. A row that is named twice counts twice: its
    values add up. An op that is given one computes with the whole tensor.

    >>> from microtf import constant, convert_to_tensor
    >>> slices = IndexedSlices(constant([[1.0], [2.0]]), constant([2, 2]), (3, 1))
    >>> convert_to_tensor(slices).numpy().ravel()
    array([0., 0., 3.], dtype=float32)
    """

    __array_priority__ = 100  # as for tensors: `array * slices` is no array's business

    def __init__(self, values: Tensor, indices: Tensor, dense_shape: tuple[int, ...]):
        self.values = values
        self.indices = indices
        self.dense_shape = tuple(dense_shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the tensor that this stands for."""
        return self.dense_shape

    @property
    def dtype(self) -> np.dtype:
        """The type of one element."""
        return self.values.dtype

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self.values, self.indices, self.dense_shape)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(to_tensor(self).numpy(), dtype)

    def __repr__(self) -> str:
        return f"IndexedSlices(indices={self.indices}, values={self.values})"


def to_tensor(slices: IndexedSlices, dtype: Any = None, **_: Any) -> Tensor:
    """Write the rows into a tensor of zeros, and add up those that come twice.

    TensorFlow: `_indexed_slices_to_tensor`, which also warns when the result is large.
    """
    rows = np.int32(slices.dense_shape[0])
    return op("UnsortedSegmentSum", slices.values, slices.indices, rows)


register_tensor_conversion_function(IndexedSlices, to_tensor)


def aggregate(gradients: Sequence[Tensor | IndexedSlices]) -> Tensor | IndexedSlices:
    """Add up gradients of one tensor: sparse as long as all of them are."""
    if len(gradients) == 1:
        return gradients[0]
    if not all(isinstance(gradient, IndexedSlices) for gradient in gradients):
        return op("AddN", *gradients)
    front = np.int32(0)
    return IndexedSlices(
        op("ConcatV2", *(g.values for g in gradients), front),
        op("ConcatV2", *(g.indices for g in gradients), front),
        gradients[0].dense_shape,
    )
