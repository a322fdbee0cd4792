"""The executor: runs the operations of a graph, in any order that their inputs allow.

It knows nothing of the order in which a program made them.
TensorFlow: `ExecutorState` in tensorflow/core/common_runtime/executor.cc (C++).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microtf.op import run_kernel

if TYPE_CHECKING:
    from microtf.graph import Graph, Operation, SymbolicTensor


def run_graph(
    graph: Graph,
    values: dict[int, np.ndarray],
    fetches: Sequence[SymbolicTensor] | None = None,
    choose: Callable[[int], int] | None = None,
) -> list[np.ndarray]:
    """Compute `fetches`, by default the outputs of the graph and its side effects.

    `values` holds arrays by the id of their tensor, and receives those computed. Of n
    operations whose inputs are there, `choose(n)` says which one runs next; without it
    the one that has waited longest.
    """
    effects = graph.control_outputs if fetches is None else []
    fetches = graph.outputs if fetches is None else fetches
    unknown = [tensor.op for tensor in fetches if tensor.id not in values]
    needed = _needed(graph, [*unknown, *effects], values)
    missing = {op: len(before) for op, before in needed.items()}
    followers = defaultdict(list)
    for op, before in needed.items():
        for other in before:
            followers[other].append(op)
    ready = [op for op, count in missing.items() if count == 0]
    while ready:
        op = ready.pop(choose(len(ready)) if choose else 0)
        _run(op, values)
        for follower in followers[op]:
            missing[follower] -= 1
            if missing[follower] == 0:
                ready.append(follower)
    return [values[tensor.id] for tensor in fetches]


def _needed(
    graph: Graph, targets: Sequence[Operation], values: dict[int, Any]
) -> dict[Operation, set[Operation]]:
    """Find the operations behind the targets, and which others each has to wait for."""
    needed: dict[Operation, set[Operation]] = {}
    stack = list(targets)
    while stack:
        op = stack.pop()
        if op not in needed:
            inputs = {tensor.op for tensor in op.inputs if tensor.id not in values}
            needed[op] = inputs | set(op.control_inputs)
            stack.extend(needed[op])
    order = {op: number for number, op in enumerate(graph.ops)}
    return dict(sorted(needed.items(), key=lambda item: order[item[0]]))


def _run(op: Operation, values: dict[int, np.ndarray]) -> None:
    if op.type == "Placeholder":
        raise ValueError(f"expected a value for the input {op.name!r}, got none")
    arrays = [values[tensor.id] for tensor in op.inputs]
    results = run_kernel(op.type, arrays, op.attrs)
    values |= {t.id: array for t, array in zip(op.outputs, results, strict=True)}
