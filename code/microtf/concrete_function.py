"""Concrete functions: a traced graph that can be called, and differentiated.

TensorFlow: `ConcreteFunction` in
tensorflow/python/eager/polymorphic_function/concrete_function.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from microtf import nest
from microtf.func_graph import FuncGraph
from microtf.function_type import FunctionType
from microtf.gradient_functions import ForwardBackward, call_graph
from microtf.record import should_record_backprop, variable_accessed
from microtf.tensor import Tensor


class ConcreteFunction:
    """One trace: a graph, and the tensors that it took from outside."""

    def __init__(self, graph: FuncGraph, function_type: FunctionType):
        self.graph, self.function_type = graph, function_type

    @property
    def captured_inputs(self) -> list[Tensor]:
        """The tensors that every call passes after its arguments."""
        return self.graph.captured_inputs

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the graph on arguments of the type that it was traced for."""
        tensors = self.function_type.to_tensors(args, kwargs)
        return self.call_flat(tensors)

    def call_flat(self, tensors: Sequence[Tensor]) -> Any:
        """Run the graph on the tensors of the arguments: one op, and one record."""
        inputs = [*tensors, *self.captured_inputs]
        for variable in self.graph.variables:
            variable_accessed(variable)
        tapes = should_record_backprop(inputs)
        if tapes == 0:
            results = call_graph(self.graph, inputs)
        else:
            pair = self.first_order if tapes == 1 else self.higher_order
            results = pair.call(inputs)
        structure, results = self.graph.structured_outputs, iter(results)
        flat = [None if t is None else next(results) for t in nest.flatten(structure)]
        return nest.pack_sequence_as(structure, flat)

    @cached_property
    def first_order(self) -> ForwardBackward:
        """The pair for a tape that is asked once."""
        return ForwardBackward(self.graph, higher_order=False)

    @cached_property
    def higher_order(self) -> ForwardBackward:
        """The pair for tapes that may differentiate each other."""
        return ForwardBackward(self.graph, higher_order=True)

    def __repr__(self) -> str:
        return f"<ConcreteFunction {self.graph.name}({self.function_type})>"
