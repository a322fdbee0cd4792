"""Graphs of functions: what tracing fills, and what they take from outside.

TensorFlow: `FuncGraph` and `func_graph_from_py_func` in
tensorflow/python/framework/func_graph.py, `FunctionCaptures` in
tensorflow/core/function/capture/capture_container.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microtf import nest
from microtf.auto_control_deps import add_control_dependencies
from microtf.function_type import FunctionType
from microtf.graph import Graph, SymbolicTensor, constant_value
from microtf.math_ops import identity
from microtf.op import current_graph, graph_mode
from microtf.record import no_tapes
from microtf.spec import TensorSpec
from microtf.tensor import Tensor, convert_to_tensor

_EAGER_CONST_THRESHOLD = 128  # TensorFlow's


class FuncGraph(Graph):
    """The graph of a function, which may use tensors that were made outside of it."""

    def __init__(self, name: str, outer_graph: Graph | None = None):
        super().__init__(name)
        self.outer_graph = outer_graph
        self.structured_outputs: Any = None
        self.variables: list[Any] = []  # those it read, for tapes to watch
        self._captures: dict[int, tuple[Tensor, SymbolicTensor]] = {}
        self.handles: dict[int, SymbolicTensor] = {}  # of variables among the arguments
        self.variable_creator: Callable[[Any, Tensor], None] | None = None

    @property
    def captures(self) -> list[tuple[Tensor, SymbolicTensor]]:
        """Pairs of a tensor outside and the input that stands for it."""
        return list(self._captures.values())

    @property
    def captured_inputs(self) -> list[Tensor]:
        """The tensors outside, which every call passes after its arguments."""
        return [external for external, _ in self.captures]

    def capture(self, tensor: Tensor) -> SymbolicTensor:
        """Return the tensor of this graph that stands for `tensor`.

        A tensor from outside becomes an input.
        """
        if isinstance(tensor, SymbolicTensor):
            if tensor.op.graph is self:
                return tensor
            self._refuse_tensors_from_inside(tensor)
        if tensor.id not in self._captures:
            self._captures[tensor.id] = tensor, self._capture(tensor)
        return self._captures[tensor.id][1]

    def _capture(self, tensor: Tensor) -> SymbolicTensor:
        """Make the input; a small value is kept in it, to infer shapes from."""
        symbolic = isinstance(tensor, SymbolicTensor)
        is_value = not symbolic and tensor.dtype != object
        if is_value and np.size(tensor) <= _EAGER_CONST_THRESHOLD:
            internal = self.constant(tensor.numpy())
            self.inputs.append(internal)
            return internal
        known = None if is_value else constant_value(tensor)
        return self.placeholder(TensorSpec.of(tensor), "captured", known)

    def _refuse_tensors_from_inside(self, tensor: SymbolicTensor) -> None:
        graph: Any = tensor.op.graph
        while graph is not None:
            if graph is self:
                super().capture(tensor)  # says whose tensor it is
            graph = getattr(graph, "outer_graph", None)

    def watch_variable(self, variable: Any) -> None:
        """Take note of a variable that the function reads."""
        if all(variable is not known for known in self.variables):
            self.variables.append(variable)

    def create_variable(self, variable: Any, initial_value: Tensor) -> None:
        """Have whoever traces this graph decide on a variable that is made in it."""
        creator = self.variable_creator
        if creator is None:
            raise ValueError(
                f"expected no new variable in the graph {self.name!r}; make it outside"
            )
        creator(variable, initial_value)


def func_graph_from_py_func(
    name: str,
    python_func: Callable[..., Any],
    function_type: FunctionType,
    variable_creator: Callable[[Any, Tensor], None] | None = None,
) -> FuncGraph:
    """Trace: call a Python function on symbolic tensors, and keep the ops it makes.

    Tapes that are open outside do not see them: they will see the call.
    """
    graph = FuncGraph(name, outer_graph=current_graph())
    graph.variable_creator = variable_creator
    with graph_mode(graph), no_tapes():
        arguments = function_type.placeholder_arguments(graph)
        result = python_func(*arguments.args, **arguments.kwargs)
        flat = [_as_tensor(value, python_func) for value in nest.flatten(result)]
        # Copies, which may wait for what the function does besides.
        flat = [tensor if tensor is None else identity(tensor) for tensor in flat]
        graph.structured_outputs = nest.pack_sequence_as(result, flat)
        graph.outputs = [tensor for tensor in flat if tensor is not None]
        add_control_dependencies(graph)
    return graph


def _as_tensor(value: Any, python_func: Callable[..., Any]) -> Tensor | None:
    if value is None:
        return None
    try:
        return convert_to_tensor(value)
    except ValueError as error:
        raise TypeError(
            f"expected {python_func.__name__} to return tensors or None, "
            f"got a value of type {type(value).__name__}"
        ) from error
