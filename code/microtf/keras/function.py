"""A graph of calls, found again from its outputs, and run on values.

Keras: keras/src/ops/function.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from microtf import nest
from microtf.keras.keras_tensor import KerasTensor
from microtf.keras.node import KerasHistory, Node, map_structure
from microtf.keras.operation import Operation

NodesByDepth = dict[int, list[Node]]


class Function(Operation):
    """The calls between some symbolic tensors and others, as one operation.

    >>> import microtf as mt
    >>> from microtf.keras import ops
    >>> x = KerasTensor((2,))
    >>> Function(x, ops.relu(x) * 2.0)(mt.constant([-1.0, 3.0])).numpy().tolist()
    [0.0, 6.0]
    """

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None):
        super().__init__(name)
        self._wire(inputs, outputs)

    def _wire(self, inputs: Any, outputs: Any) -> None:
        flat = nest.flatten(inputs), nest.flatten(outputs)
        for tensors, which in zip(flat, ("inputs", "outputs"), strict=True):
            _check_symbolic(tensors, which)
        nodes_by_depth, operations = map_graph(*flat)
        vars(self).update(  # no state: the tracker of a layer need not see it
            _inputs_struct=inputs,
            _outputs_struct=outputs,
            _inputs=flat[0],
            _outputs=flat[1],
            _nodes_by_depth=nodes_by_depth,
            _operations=operations,
        )

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs, flat."""
        return self._inputs

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs, flat."""
        return self._outputs

    @property
    def operations(self) -> list[Operation]:
        """What is called in the graph, each once, from the inputs on."""
        return list(self._operations)

    def call(self, inputs: Any) -> Any:
        """Return the outputs for other inputs of the same structure."""
        return self.run(nest.flatten(inputs))

    def compute_output_spec(self, inputs: Any) -> Any:
        """Return new symbolic outputs, by asking each call of the graph in turn."""
        return self.run(nest.flatten(inputs), lambda op: op.compute_output_spec)

    def run(
        self,
        inputs: Sequence[Any],
        operation_fn: Callable[[Operation], Callable[..., Any]] = lambda op: op,
    ) -> Any:
        """Repeat the calls on `inputs`, from the greatest depth down to the outputs.

        `operation_fn` says what to call in the place of an operation. Keras: the
        method `_run_through_graph`.
        """
        values = {id(x): value for x, value in zip(self._inputs, inputs, strict=True)}
        for depth in sorted(self._nodes_by_depth, reverse=True):
            for node in self._nodes_by_depth[depth]:
                if node.is_input:
                    continue  # its output was given
                args, kwargs = node.fill_in(values)
                outputs = operation_fn(node.operation)(*args, **kwargs)
                values |= {
                    id(x): value
                    for x, value in zip(
                        node.outputs, nest.flatten(outputs), strict=True
                    )
                }
        return map_structure(lambda x: values[id(x)], self._outputs_struct)


def map_graph(
    inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor]
) -> tuple[NodesByDepth, list[Operation]]:
    """Walk from `outputs` back to `inputs`: the nodes by depth, and the operations.

    The depth of a node is the number of calls on the longest way from it to an
    output, and not less than that of the calls of its operation met before.
    """
    order, seen = sort_nodes(inputs, outputs)
    depths: dict[Node, int] = {}
    operation_depths: dict[Operation, int] = {}
    for node in reversed(order):
        depth = max(depths.get(node, 0), operation_depths.get(node.operation, 0))
        depths[node] = operation_depths[node.operation] = depth
        for parent in node.parent_nodes:
            if parent in order:
                depths[parent] = max(depth + 1, depths.get(parent, 0))
    for x in inputs:  # not all of them need to lead to an output
        operation = getattr(x, "_keras_history", KerasHistory(None, 0, 0)).operation
        if operation and operation not in seen and operation._inbound_nodes[0].is_input:
            seen[operation], operation_depths[operation] = -1, 0
            depths[operation._inbound_nodes[0]] = 0
    nodes_by_depth: NodesByDepth = {}
    for node, depth in depths.items():
        nodes_by_depth.setdefault(depth, []).append(node)
    _check_connected(inputs, outputs, nodes_by_depth)
    operations = sorted(operation_depths, key=lambda x: (-operation_depths[x], seen[x]))
    _check_names(operations)
    return nodes_by_depth, operations


def sort_nodes(
    inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor]
) -> tuple[list[Node], dict[Operation, int]]:
    """Return the nodes behind `outputs`, each after those that it needs.

    Besides, the operations, numbered in the order in which the walk met them.
    """
    order: list[Node] = []
    open_nodes: set[Node] = set()
    seen: dict[Operation, int] = {}
    ends = {id(x) for x in inputs}

    def visit(tensor: KerasTensor) -> None:
        history = getattr(tensor, "_keras_history", None)
        if history is None or history.operation is None:
            return
        node = history.operation._inbound_nodes[history.node_index]
        if node in order or (id(tensor) in ends and not node.is_input):
            return  # been here, or cut off here
        if node in open_nodes:
            raise ValueError(f"{tensor} of {node.operation} is part of a cycle")
        open_nodes.add(node)
        seen.setdefault(node.operation, len(seen))
        for x in node.input_tensors:
            visit(x)
        order.append(node)

    for output in outputs:
        visit(output)
    return order, seen


def _check_connected(
    inputs: Sequence[KerasTensor],
    outputs: Sequence[KerasTensor],
    nodes_by_depth: NodesByDepth,
) -> None:
    known = {id(x) for x in inputs}
    for depth in sorted(nodes_by_depth, reverse=True):
        for node in nodes_by_depth[depth]:
            for x in node.input_tensors:
                if id(x) not in known:
                    raise ValueError(
                        f"Graph disconnected: cannot find parent for tensor {x} at "
                        f"operation {node.operation}. Give that tensor, or one that "
                        "it was computed from, as an input"
                    )
            if not node.is_input:  # an Input that was not given stays unknown
                known |= {id(x) for x in node.outputs}
    for x in outputs:
        if id(x) not in known:
            raise ValueError(f"expected outputs connected to the inputs, got {x}")


def _check_names(operations: Sequence[Operation]) -> None:
    for name, count in Counter(operation.name for operation in operations).items():
        if count > 1:
            raise ValueError(
                f"The name {name!r} is used {count} times in the model. All operation "
                "names should be unique."
            )


def _check_symbolic(tensors: Sequence[Any], which: str) -> None:
    for x in tensors:
        if not isinstance(x, KerasTensor):
            raise ValueError(f"All `{which}` values must be KerasTensors. Received {x}")
    if not tensors:
        raise ValueError(f"`{which}` argument cannot be empty.")
