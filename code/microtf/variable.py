"""Variables: a handle to a cell that can be written, and ops that read and write it.

TensorFlow: `ResourceVariable` in tensorflow/python/ops/resource_variable_ops.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microtf.op import current_graph, op, register_kernel
from microtf.op_def import register_op
from microtf.override_operators import overload_operators
from microtf.record import variable_accessed
from microtf.registry import no_gradient
from microtf.resource import ResourceHandle
from microtf.shapes import nothing
from microtf.spec import TensorSpec
from microtf.tensor import (
    Tensor,
    convert_to_tensor,
    register_tensor_conversion_function,
)
from microtf.trace_type_builder import TracingContext, VariableSpec


@register_kernel("ReadVariableOp")
def _read(handle: np.ndarray, *, dtype: np.dtype) -> np.ndarray:
    return handle.item().resource.read()


@register_kernel("AssignVariableOp")
def _assign(handle: np.ndarray, value: np.ndarray) -> list[np.ndarray]:
    handle.item().resource.assign(value)
    return []


@register_kernel("AssignAddVariableOp")
def _assign_add(handle: np.ndarray, delta: np.ndarray) -> list[np.ndarray]:
    handle.item().resource.update(np.add, delta)
    return []


@register_kernel("AssignSubVariableOp")
def _assign_sub(handle: np.ndarray, delta: np.ndarray) -> list[np.ndarray]:
    handle.item().resource.update(np.subtract, delta)
    return []


@register_kernel("ResourceScatterUpdate")
def _scatter_update(
    handle: np.ndarray, indices: np.ndarray, updates: np.ndarray
) -> list[np.ndarray]:
    handle.item().resource.scatter(indices, updates)
    return []


register_op(
    "ResourceScatterUpdate",
    "resource: resource, indices: Tindices, updates: dtype ->",
    nothing,
    is_stateful=True,
)
for _op_type in (
    "AssignVariableOp",
    "AssignAddVariableOp",
    "AssignSubVariableOp",
    "ResourceScatterUpdate",
):
    no_gradient(_op_type)


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
        self.shape, self.dtype = value.shape, value.dtype
        self.handle = self.empty_handle(TensorSpec.of(value))
        if current_graph() is None:
            self.assign(value)
        else:
            # The handle outlives the graph; who traces it says when the value comes.
            current_graph().create_variable(self, value)

    @staticmethod
    def empty_handle(spec: TensorSpec) -> Tensor:
        """Return a handle to a new cell that waits for a value."""
        return Tensor(np.array(ResourceHandle(spec), dtype=object))

    @classmethod
    def from_handle(cls, handle: Tensor, spec: TensorSpec, trainable: bool) -> Variable:
        """Return a second object for the variable behind `handle`."""
        variable = cls.__new__(cls)
        variable.handle, variable.trainable = handle, trainable
        variable.shape, variable.dtype = spec.shape, spec.dtype
        return variable

    def __tf_tracing_type__(self, context: TracingContext) -> VariableSpec:
        return VariableSpec(
            TensorSpec.of(self), self.trainable, context.alias(self.handle.id), Variable
        )

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
        op("AssignAddVariableOp", self.handle, convert_to_tensor(delta, self.dtype))
        return self

    def assign_sub(self, delta: Any) -> Variable:
        """Subtract `delta` from the value."""
        op("AssignSubVariableOp", self.handle, convert_to_tensor(delta, self.dtype))
        return self

    def scatter_update(self, indices: Any, updates: Any) -> Variable:
        """Replace the rows `indices`; from the first time on, reads are copies."""
        updates = convert_to_tensor(updates, self.dtype)
        op("ResourceScatterUpdate", self.handle, indices, updates)
        return self

    def numpy(self) -> np.ndarray:
        """Return the value now, unseen by tapes and graphs."""
        return self.handle.numpy().item().resource.read().copy()

    def __float__(self) -> float:
        return float(self.read_value())

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
