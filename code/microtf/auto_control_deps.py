"""Automatic control dependencies: what has an effect happens in the program's order.

TensorFlow: `AutomaticControlDependencies` in
tensorflow/python/framework/auto_control_deps.py.
"""

from __future__ import annotations

from collections import defaultdict

from microtf.graph import Graph, Operation
from microtf.op_def import find_op

_READS = {"ReadVariableOp", "ResourceGather"}


def add_control_dependencies(graph: Graph) -> None:
    """Tie each op with an effect to those before it that it must not overtake.

    A write waits for the last write to the same variable and for the reads since; a
    read waits for the last write. Effects on no variable form one chain. The outputs
    wait for all effects.
    """
    last_write: dict[int | None, Operation] = {}
    reads: defaultdict[int | None, list[Operation]] = defaultdict(list)
    must_run = []
    for op in filter(is_stateful, graph.ops):
        if op.type not in _READS or _is_consumed(graph, op):
            must_run.append(op)
        before: dict[Operation, None] = {}  # a set that keeps the order
        for resource in _resources(op):
            if resource in last_write:
                before[last_write[resource]] = None
            if resource is not None and not _writes(op, resource):
                reads[resource].append(op)
                continue
            before |= dict.fromkeys(reads.pop(resource, []))
            last_write[resource] = op
        op.control_inputs += [other for other in before if other is not op]
    graph.control_outputs = must_run
    if must_run and graph.outputs:
        _gather(graph, must_run)


def _gather(graph: Graph, must_run: list[Operation]) -> None:
    """Have the outputs wait for an op that does nothing but wait for all effects."""
    graph.create_op("NoOp", [], {})
    gate = graph.ops.pop()
    gate.control_inputs += must_run
    makers = {output.op for output in graph.outputs}
    first = next(number for number, op in enumerate(graph.ops) if op in makers)
    graph.ops.insert(first, gate)
    for op in makers:
        op.control_inputs.append(gate)


def is_stateful(op: Operation) -> bool:
    """Whether an operation has an effect, or sees those of others."""
    return find_op(op.type).is_stateful


def _is_consumed(graph: Graph, op: Operation) -> bool:
    made = {tensor.id for tensor in op.outputs}
    return any(tensor.id in made for other in graph.ops for tensor in other.inputs)


def _resources(op: Operation) -> list[int | None]:
    """Return the ids of the handles that an op takes; [None] if it takes none."""
    handles = dict.fromkeys(t.id for t in op.inputs if t.dtype == object)
    return list(handles) or [None]


def _writes(op: Operation, resource: int) -> bool:
    """Whether an op may write to a variable; if it holds graphs, whether they may."""
    if op.type in _READS:
        return False
    bodies = [value for value in op.attrs.values() if isinstance(value, Graph)]
    return not bodies or any(_body_writes(op, body, resource) for body in bodies)


def _body_writes(op: Operation, body: Graph, resource: int) -> bool:
    arguments = op.inputs[len(op.inputs) - len(body.inputs) :]  # an `If` has one more
    pairs = zip(arguments, body.inputs, strict=True)
    inside = {inner.id for outer, inner in pairs if outer.id == resource}
    return any(
        _writes(other, tensor.id)
        for other in filter(is_stateful, body.ops)
        for tensor in other.inputs
        if tensor.id in inside
    )
