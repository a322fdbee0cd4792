"""Variables: a handle to a cell that can be written, and ops that read and write it.

TensorFlow: `ResourceVariable` in tensorflow/python/ops/resource_variable_ops.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microtf.math_ops import overload_operators
from microtf.op import op, register_kernel
from microtf.record import variable_accessed
from microtf.registry import no_gradient
from microtf.tensor import (
    Tensor,
    convert_to_tensor,
    register_tensor_conversion_function,
)


class _Cell:
    """The place where a variable's value lies."""

    def __init__(self, value: np.ndarray):
        self.value = value


@register_kernel("ReadVariableOp")
def _read(handle: np.ndarray, *, dtype: np.dtype) -> np.ndarray:
    # A copy: what was read stays as it was when the variable is written next.
    return handle.item().value.copy()


@register_kernel("AssignVariableOp")
def _assign(handle: np.ndarray, value: np.ndarray) -> list[np.ndarray]:
    cell = handle.item()
    if value.shape != cell.value.shape:
        raise ValueError(f"expected shape {cell.value.shape}, got {value.shape}")
    cell.value = value.copy()
    return []


no_gradient("AssignVariableOp")


class Variable:
    """A value that training changes, known to tapes by its handle.

    >>> v = Variable(1.0)
    >>> _ = v.assign_add(2.0)
    >>> v
    <Variable: shape=(), dtype=float32, numpy=3.0>
    """

    def __init__(self, initial_value: Any, trainable: bool = True):
        value = convert_to_tensor(initial_value)
        self.trainable = trainable
        self.handle = Tensor(np.array(_Cell(value.numpy().copy()), dtype=object))
        self.shape, self.dtype = value.shape, value.dtype

    def read_value(self) -> Tensor:
        """Return the value now, by an op: tapes that watch the handle record it."""
        variable_accessed(self)
        return op("ReadVariableOp", self.handle, dtype=self.dtype)

    def assign(self, value: Any) -> Variable:
        """Replace the value. No tape follows the value into the variable."""
        op("AssignVariableOp", self.handle, convert_to_tensor(value, self.dtype))
        return self

    def assign_add(self, delta: Any) -> Variable:
        """Add `delta` to the value."""
        return self.assign(self.numpy() + np.asarray(delta, self.dtype))

    def assign_sub(self, delta: Any) -> Variable:
        """Subtract `delta` from the value."""
        return self.assign(self.numpy() - np.asarray(delta, self.dtype))

    def numpy(self) -> np.ndarray:
        """Return the value now, unseen by tapes."""
        return self.handle.numpy().item().value.copy()

    def __repr__(self) -> str:
        return (
            f"<Variable: shape={self.shape}, dtype={self.dtype}, numpy={self.numpy()}>"
        )


def _to_tensor(variable: Variable, dtype: Any = None, **_: Any) -> Tensor:
    if dtype not in (None, variable.dtype):
        raise ValueError(f"expected a variable of dtype {dtype}, got {variable.dtype}")
    return variable.read_value()


register_tensor_conversion_function(Variable, _to_tensor)
overload_operators(Variable)
