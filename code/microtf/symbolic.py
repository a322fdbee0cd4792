"""Tensors that have no value yet, and the operations that will compute them.

TensorFlow: `SymbolicTensor` and `Operation` in tensorflow/python/framework/ops.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from microtf.spec import TensorSpec
from microtf.tensor import Tensor, new_id

if TYPE_CHECKING:
    from microtf.graph import Graph


@dataclass(eq=False)
class Operation:
    """One node of a graph: an op that will run, once or often, or never."""

    graph: Graph
    type: str
    inputs: list[SymbolicTensor]
    attrs: dict[str, Any]
    name: str
    outputs: list[SymbolicTensor] = field(default_factory=list)
    control_inputs: list[Operation] = field(default_factory=list)

    def get_attr(self, name: str, default: Any = None) -> Any:
        """Return the attribute `name`, or `default`."""
        return self.attrs.get(name, default)

    def __repr__(self) -> str:
        return f"<Operation {self.name!r} type={self.type}>"


class SymbolicTensor(Tensor):
    """An output of an operation: a tensor with a spec and without a value.

    What asks for the value raises: it is computed when the graph runs, and this
    program runs while the graph is built.
    """

    __slots__ = ("op", "spec", "value_index")

    def __init__(self, op: Operation, value_index: int, spec: TensorSpec):
        self.op, self.value_index, self.spec = op, value_index, spec
        self.id = new_id()

    @property
    def name(self) -> str:
        """The operation's name and the number of the output."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def shape(self) -> tuple[int | None, ...] | None:
        """The length of each axis, None where it is not known before the run."""
        return self.spec.shape

    @property
    def dtype(self) -> np.dtype:
        """The type of one element."""
        return self.spec.dtype

    def numpy(self) -> NoReturn:
        """Raise NotImplementedError: there is no value to return."""
        self._has_no_value("turned into a NumPy array")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        self._has_no_value("turned into a NumPy array")

    def __bool__(self) -> NoReturn:
        self._has_no_value("used as a Python bool")

    def __float__(self) -> NoReturn:
        self._has_no_value("used as a Python float")

    def __int__(self) -> NoReturn:
        self._has_no_value("used as a Python int")

    __index__ = __int__

    def _has_no_value(self, wish: str) -> NoReturn:
        # TensorFlow: `OperatorNotAllowedInGraphError` and `NotImplementedError`, with
        # the same statement.
        raise SymbolicTensorError(
            f"the symbolic tensor {self.name!r} cannot be {wish}: it has no value "
            "while its graph is built; keep to ops, or do this outside of the function"
        )

    def __repr__(self) -> str:
        return f"<SymbolicTensor {self.name!r} shape={self.shape} dtype={self.dtype}>"


class SymbolicTensorError(TypeError, NotImplementedError):
    """A symbolic tensor was asked for its value, or used outside of its graph."""


def constant_value(tensor: Tensor) -> np.ndarray | None:
    """Return the value of a tensor as far as it is known now, else None.

    TensorFlow: `constant_value` in tensorflow/python/framework/tensor_util.py.
    """
    if not isinstance(tensor, SymbolicTensor):
        return tensor.numpy()
    known = {"Const": "value", "Placeholder": "known"}.get(tensor.op.type)
    return tensor.op.attrs.get(known)
