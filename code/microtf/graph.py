"""Graphs: programs as data.

TensorFlow: `Graph` in tensorflow/python/framework/ops.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from microtf.executor import run_graph
from microtf.op import current_graph, register_kernel
from microtf.shapes import infer
from microtf.spec import TensorSpec
from microtf.symbolic import (
    Operation,
    SymbolicTensor,
    SymbolicTensorError,
    constant_value,
)
from microtf.tensor import Tensor, make_constants_by


class Graph:
    """Operations in the order of their making, with inputs and outputs.

    `with microtf.graph_mode(graph):` fills it.

    >>> from microtf.op import graph_mode, op
    >>> graph = Graph("double")
    >>> with graph_mode(graph):
    ...     x = graph.placeholder(TensorSpec([2]))
    ...     graph.outputs.append(op("AddV2", x, x))
    >>> graph.run([np.float32([1, 2])])
    [array([2., 4.], dtype=float32)]
    """

    def __init__(self, name: str = "graph"):
        self.name = name
        self.ops: list[Operation] = []
        self.inputs: list[SymbolicTensor] = []
        self.outputs: list[SymbolicTensor] = []
        self.control_outputs: list[Operation] = []  # have to run, whoever reads them
        self.custom_records: dict[Operation, tuple] = {}  # of a gradient of one's own
        self._names: dict[str, int] = {}

    def create_op(
        self,
        op_type: str,
        inputs: Sequence[Tensor],
        attrs: dict[str, Any],
        name: str | None = None,
    ) -> list[SymbolicTensor]:
        """Append an operation, and return its outputs.

        What they will be is inferred from what is known of the inputs.
        """
        own = [self.capture(tensor) for tensor in inputs]
        known = [constant_value(tensor) for tensor in own]
        specs = infer(op_type, [tensor.spec for tensor in own], attrs, known)
        name = self._unique(name or op_type)
        operation = Operation(self, op_type, own, dict(attrs), name)
        operation.outputs = [
            SymbolicTensor(operation, i, spec) for i, spec in enumerate(specs)
        ]
        self.ops.append(operation)
        return operation.outputs

    def _unique(self, name: str) -> str:
        number = self._names.get(name, 0)
        self._names[name] = number + 1
        return f"{name}_{number}" if number else name

    def constant(self, value: np.ndarray, name: str | None = None) -> SymbolicTensor:
        """Append a `Const`: a value that is part of the graph."""
        attrs = {"value": value, "dtype": value.dtype}
        return self.create_op("Const", [], attrs, name)[0]

    def placeholder(
        self,
        spec: TensorSpec,
        name: str | None = None,
        known: np.ndarray | None = None,
    ) -> SymbolicTensor:
        """Append an input, whose value each run brings along.

        `known` is that value if it will always be the same one, or for the handle of a
        variable one with the same spec behind it; shapes are inferred from it.
        """
        attrs = {"shape": spec.shape, "dtype": spec.dtype, "known": known}
        (tensor,) = self.create_op("Placeholder", [], attrs, name)
        self.inputs.append(tensor)
        return tensor

    def capture(self, tensor: Tensor) -> SymbolicTensor:
        """Return the tensor of this graph that stands for `tensor`."""
        if isinstance(tensor, SymbolicTensor):
            if tensor.op.graph is self:
                return tensor
            raise SymbolicTensorError(
                f"{tensor!r} belongs to the graph {tensor.op.graph.name!r}, and cannot "
                f"be used in {self.name!r}; return it from there, and pass it on"
            )
        return self.constant(tensor.numpy())

    def run(
        self, feeds: Sequence[Any], choose: Callable[[int], int] | None = None
    ) -> list[np.ndarray]:
        """Compute the outputs for values of the inputs.

        Of n operations that could run next, `choose(n)` picks one by its number.
        """
        values = zip(self.inputs, feeds, strict=True)
        return run_graph(self, {t.id: np.asarray(v) for t, v in values}, choose=choose)

    def as_dict(self) -> dict[str, Any]:
        """Describe the graph in plain data, tensors by their names."""
        return {
            "inputs": _names(self.inputs),
            "outputs": _names(self.outputs),
            "ops": [
                {
                    "name": op.name,
                    "type": op.type,
                    "inputs": _names(op.inputs),
                    "control_inputs": _names(op.control_inputs),
                    "attrs": dict(op.attrs),
                }
                for op in self.ops
            ],
        }


def _names(things: Iterable[Any]) -> list[str]:
    return [thing.name for thing in things]


def _make_constant(array: np.ndarray) -> Tensor:
    graph = current_graph()
    return graph.constant(array) if isinstance(graph, Graph) else Tensor(array)


make_constants_by(_make_constant)


@register_kernel("Const")
def _const(*, value, dtype):
    return value


@register_kernel("NoOp")
def _no_op():
    return []
