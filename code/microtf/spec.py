"""Specs: what is known of a tensor before it has a value.

TensorFlow: `TensorSpec` in tensorflow/python/framework/tensor.py, `TensorShape` in
tensorflow/python/framework/tensor_shape.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from microtf.tensor import convert_to_tensor

Shape = tuple[int | None, ...] | None  # a None in it: any length; None: any rank


@dataclass(frozen=True)
class TensorSpec:
    """A shape and a dtype, without a value.

    `shape` is None for an unknown rank, and holds None for an unknown length.

    >>> TensorSpec([None, 3], "float32")
    TensorSpec(shape=(None, 3), dtype=float32)
    """

    shape: Shape
    dtype: np.dtype

    def __init__(self, shape: Sequence[int | None] | None, dtype: Any = "float32"):
        known = (
            None if shape is None else tuple(n if n is None else int(n) for n in shape)
        )
        object.__setattr__(self, "shape", known)
        object.__setattr__(self, "dtype", np.dtype(dtype))

    @classmethod
    def of(cls, tensor: Any) -> TensorSpec:
        """Describe a tensor, or anything else with a shape and a dtype.

        TensorFlow: `TensorSpec.from_tensor`.
        """
        return cls(tensor.shape, tensor.dtype)

    def is_compatible_with(self, other: Any) -> bool:
        """Whether a tensor may have both this spec and that of `other`.

        >>> TensorSpec([None, 3]).is_compatible_with(TensorSpec([2, None]))
        True
        """
        return self.dtype == other.dtype and compatible(self.shape, other.shape)

    def is_subtype_of(self, other: Any) -> bool:
        """Whether every tensor of this spec also has the spec `other`.

        >>> TensorSpec([2, 3]).is_subtype_of(TensorSpec([None, 3]))
        True
        """
        if not isinstance(other, TensorSpec) or self.dtype != other.dtype:
            return False
        return self.most_specific_common_supertype([other]) == other

    def most_specific_common_supertype(self, others: Sequence[Any]) -> Any:
        """Return the narrowest spec that this one and `others` are subtypes of.

        None if there is none: another dtype, or no spec at all.

        >>> TensorSpec([2, 3]).most_specific_common_supertype([TensorSpec([5, 3])])
        TensorSpec(shape=(None, 3), dtype=float32)
        """
        if not all(isinstance(s, TensorSpec) and s.dtype == self.dtype for s in others):
            return None
        shapes = [self.shape, *(spec.shape for spec in others)]
        if None in shapes or len(set(map(len, shapes))) > 1:
            return TensorSpec(None, self.dtype)
        columns = [set(lengths) for lengths in zip(*shapes, strict=True)]
        known = [column.pop() if len(column) == 1 else None for column in columns]
        return TensorSpec(known, self.dtype)

    def placeholder_value(self, graph: Any) -> Any:
        """Return the tensor that stands for an argument while a function is traced."""
        return graph.placeholder(self)

    def to_tensors(self, value: Any) -> list[Any]:
        """Return an argument as a tensor, which this spec has to fit."""
        tensor = convert_to_tensor(value, dtype_hint=self.dtype)
        if not TensorSpec.of(tensor).is_subtype_of(self):
            raise TypeError(f"expected a tensor of {self}, got {TensorSpec.of(tensor)}")
        return [tensor]

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self.shape}, dtype={self.dtype})"


def compatible(a: Shape, b: Shape) -> bool:
    """Whether some tensor has both shapes. TensorFlow: `is_compatible_with`."""
    if a is None or b is None:
        return True
    return len(a) == len(b) and all(
        n == m or n is None or m is None for n, m in zip(a, b, strict=True)
    )


def merge(a: Shape, b: Shape) -> Shape:
    """Return what both shapes know together. TensorFlow: `TensorShape.merge_with`.

    >>> merge((None, 3), (2, None))
    (2, 3)
    """
    if not compatible(a, b):
        raise ValueError(f"expected two shapes that can be one, got {a} and {b}")
    if a is None or b is None:
        return a if b is None else b
    return tuple(m if n is None else n for n, m in zip(a, b, strict=True))
