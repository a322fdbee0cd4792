"""Pictures of live objects: graphs, and what is on a tape.

A picture that a program draws of itself cannot disagree with the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from insidetf.calls import CallLog
from insidetf.keras_lens import calls_by_depth, calls_of
from insidetf.lens import tensor_id
from insidetf.plot import Node, draw_dag

_KINDS = {
    "Placeholder": "source",
    "_Arg": "source",
    "VarHandleOp": "source",
    "Const": "faded",
    "NoOp": "faded",
    "If": "call",
    "StatelessIf": "call",
    "While": "call",
    "StatelessWhile": "call",
    "PartitionedCall": "call",
    "StatefulPartitionedCall": "call",
}


def draw_graph(
    graph: Any, *, names: bool = False, outside: Mapping[str, Any] | None = None
) -> Figure:
    """Draw the ops of a graph or a concrete function, TensorFlow's or a miniature's.

    Boxes carry the type of the op, with `names` also its name. Dotted arrows are
    control dependencies: an order that no data enforces. `outside` gives names to
    tensors and variables that the graph captures; their inputs are marked with them.
    """
    graph = getattr(graph, "graph", graph)
    operations = (
        graph.get_operations() if hasattr(graph, "get_operations") else graph.ops
    )
    captured = _captured(graph, outside or {})
    nodes = {op.name: _node(op, names, captured.get(op.name)) for op in operations}
    data = {(t.op.name, op.name) for op in operations for t in op.inputs}
    control = {(c.name, op.name) for op in operations for c in op.control_inputs}
    return draw_dag(nodes, sorted(data), dashed=sorted(control - data))


def _captured(graph: Any, outside: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of what is behind the inputs that a function graph captures."""
    known = {tensor_id(value): name for name, value in outside.items()}
    pairs = getattr(graph, "captures", ())
    return {
        inside.op.name: known[tensor_id(value)]
        for value, inside in pairs
        if tensor_id(value) in known
    }


def _node(op: Any, with_name: bool, captured: str | None) -> Node:
    if captured is not None:
        return Node(f"{op.type}\n{captured}", "marked")
    label = f"{op.type}\n{op.name}" if with_name else op.type
    return Node(label, _KINDS.get(op.type, "op"))


def draw_tape(
    entries: Sequence[Any],
    *,
    names: Mapping[str, Any] | None = None,
    notes: Mapping[int, str] | None = None,
    marked: Sequence[int] = (),
) -> Figure:
    """Draw ops and what flows between them, from a log of ops or the records of a tape.

    An entry has an `op_type`, `inputs`, and `outputs`; those that say of themselves
    that no tape recorded them are faded. `names` gives tensors and variables that no
    entry produces a box of their own; `notes` puts a text beside entries, by number.
    """
    nodes: dict[Any, Node] = {}
    producer: dict[int, Any] = {}
    for name, value in (names or {}).items():
        nodes[name] = Node(name, "source")
        producer[tensor_id(value)] = name
    edges: list[tuple[Any, Any]] = []
    for number, entry in enumerate(entries):
        kind = "op" if getattr(entry, "recorded", True) else "faded"
        kind = "marked" if number in marked else kind
        nodes[number] = Node(entry.op_type, kind, (notes or {}).get(number, ""))
        ids = dict.fromkeys(_id(tensor) for tensor in entry.inputs)
        edges += [(producer[i], number) for i in ids if i in producer]
        producer |= {_id(tensor): number for tensor in entry.outputs}
    return draw_dag(nodes, edges)


def draw_calls(logs: Sequence[CallLog], labels: Mapping[str, str]) -> Figure:
    """Draw who called whom in some logs of calls, among the functions in `labels`.

    Functions of Python are boxes, and compiled ones are marked as another kind.
    """
    calls = [call for log in logs for call in log if call.name in labels]
    nodes = {
        call.name: Node(labels[call.name], "op" if call.is_python else "call")
        for call in calls
    }
    edges = [edge for log in logs for edge in log.edges(list(labels))]
    return draw_dag(nodes, list(dict.fromkeys(edges)))


def draw_model(model: Any) -> Figure:
    """Draw the calls of a functional model, Keras's or the miniature's, with shapes.

    A box is a call, beside it the shape of what came out. Calls of an operation that
    is called more than once are marked, and numbered as the operation counts them.
    """
    calls = [node for nodes in calls_by_depth(model).values() for node in nodes]
    shared = Counter(id(node.operation) for node in calls)
    nodes = {}
    for node in reversed(calls):
        several = shared[id(node.operation)] > 1
        kind = "source" if node.is_input else "marked" if several else "op"
        number = f" [{calls_of(node.operation).index(node)}]" if several else ""
        shapes = ", ".join(str(tuple(x.shape)) for x in node.output_tensors)
        nodes[id(node)] = Node(f"{node.operation.name}{number}", kind, shapes)
    edges = [
        (id(parent), id(node))
        for node in calls
        for parent in node.parent_nodes
        if id(parent) in nodes
    ]
    return draw_dag(nodes, list(dict.fromkeys(edges)))


def _id(tensor: Any) -> int:
    # A record of the miniature names its inputs by their bare ids.
    return tensor if isinstance(tensor, int) else tensor.id
