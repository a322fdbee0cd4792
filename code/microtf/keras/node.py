"""Nodes: one call of one operation, with what went in and what came out.

Keras: keras/src/ops/node.py, and `SymbolicArguments` in symbolic_arguments.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from microtf import nest
from microtf.keras.keras_tensor import KerasTensor, symbolic_tensors

if TYPE_CHECKING:
    from microtf.keras.operation import Operation


class KerasHistory(NamedTuple):
    """Where a KerasTensor came from: `operation._inbound_nodes[node_index]`, output
    number `tensor_index`. No operation: the program made the tensor itself."""

    operation: Operation | None
    node_index: int
    tensor_index: int


class Node:
    """The record of one call, wired to the operations before and after it."""

    def __init__(
        self,
        operation: Operation,
        call_args: Sequence[Any] = (),
        call_kwargs: Mapping[str, Any] | None = None,
        outputs: Any = (),
    ):
        self.operation = operation
        self.args, self.kwargs = tuple(call_args), dict(call_kwargs or {})
        self.input_tensors = symbolic_tensors(self.args, self.kwargs)
        self.outputs = nest.flatten(outputs)
        self._check_outputs()
        for tensor in self.input_tensors:
            if not hasattr(tensor, "_keras_history"):
                tensor._keras_history = KerasHistory(None, 0, 0)
        operation._inbound_nodes.append(self)
        for parent in self.parent_nodes:
            parent.operation._outbound_nodes.append(self)
        node_index = len(operation._inbound_nodes) - 1
        for i, tensor in enumerate(self.outputs):
            tensor._keras_history = KerasHistory(operation, node_index, i)

    def _check_outputs(self) -> None:
        for value in self.outputs:
            if not isinstance(value, KerasTensor):
                raise ValueError(
                    "All operation outputs must be tensors. Operation "
                    f"{self.operation} returned {value!r}"
                )

    @property
    def output_tensors(self) -> list[KerasTensor]:
        """The tensors that the call returned, flat."""
        return self.outputs

    @property
    def is_input(self) -> bool:
        """Whether the call had no symbolic argument: a model begins here."""
        return not self.input_tensors

    @property
    def parent_nodes(self) -> list[Node]:
        """The calls whose results this call used."""
        return [
            tensor._keras_history.operation._inbound_nodes[
                tensor._keras_history.node_index
            ]
            for tensor in self.input_tensors
            if tensor._keras_history.operation is not None
        ]

    def fill_in(self, values: Mapping[int, Any]) -> tuple[tuple, dict[str, Any]]:
        """Return the arguments of the call with values for the symbolic ones.

        `values` maps the `id` of a KerasTensor to what stands in for it.
        """

        def value_of(leaf: Any) -> Any:
            return values[id(leaf)] if isinstance(leaf, KerasTensor) else leaf

        args, kwargs = map_structure(value_of, [list(self.args), self.kwargs])
        return tuple(args), kwargs

    def __repr__(self) -> str:
        return f"<Node operation={self.operation.name}>"


def map_structure(function: Callable[[Any], Any], structure: Any) -> Any:
    """Apply `function` to each leaf of `structure`. Keras: `keras.tree`."""
    return nest.pack_sequence_as(
        structure, list(map(function, nest.flatten(structure)))
    )
