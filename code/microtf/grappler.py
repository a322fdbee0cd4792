"""The graph optimizer: passes that take a graph and return one that computes the same.

TensorFlow: Grappler, `MetaOptimizer` in
tensorflow/core/grappler/optimizers/meta_optimizer.cc (C++).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.arithmetic import simplify
from microtf.auto_control_deps import is_stateful
from microtf.fusion import remap
from microtf.graph import Graph
from microtf.op import run_kernel
from microtf.rewriting import Rewriter, is_constant, rebuild
from microtf.symbolic import Operation, SymbolicTensor

Pass = Callable[[Graph], Graph]

_CALLS = ("PartitionedCall", "StatefulPartitionedCall")
_COMMUTATIVE = ("AddV2", "Equal", "Maximum", "Minimum", "Mul")
_MAX_CONSTANT_SIZE = 100 * 1024  # bytes, as in TensorFlow's constant_folding.cc


def optimize(graph: Graph, passes: Sequence[Pass] | None = None) -> Graph:
    """Run the passes in turn, twice, since one pass makes work for another.

    The graph itself stays as it is. The result takes the same inputs, and has the same
    outputs and the same effects.
    """
    for _ in range(2):
        for rewrite in PASSES if passes is None else passes:
            graph = rewrite(graph)
    return optimize_bodies(graph, passes)


def optimize_bodies(graph: Graph, passes: Sequence[Pass] | None = None) -> Graph:
    """Optimize the graphs that stateless ops hold: branches, conditions, and bodies.

    TensorFlow: `MetaOptimizer::OptimizeConsumeItem`, for each function of the library.
    """

    def rule(
        new: Graph, op: Operation, inputs: list[SymbolicTensor]
    ) -> list[SymbolicTensor] | None:
        held = {k: v for k, v in op.attrs.items() if isinstance(v, Graph)}
        better = {name: optimize(body, passes) for name, body in held.items()}
        if not held:
            return None
        return new.create_op(op.type, inputs, op.attrs | better, op.name)

    return rebuild(graph, rule)


def prune(graph: Graph) -> Graph:
    """Drop what neither an output nor an effect needs. TensorFlow: `ModelPruner`."""
    stack = [tensor.op for tensor in [*graph.outputs, *graph.inputs]]
    stack += graph.control_outputs
    alive = set()
    while stack:
        op = stack.pop()
        if op not in alive:
            alive.add(op)
            stack += [*(tensor.op for tensor in op.inputs), *op.control_inputs]
    rewriter = Rewriter(graph)
    for op in graph.ops:
        if op in alive:
            rewriter.copy(op)
    return rewriter.finish()


def inline(graph: Graph) -> Graph:
    """Put the bodies in place of the calls. TensorFlow: `FunctionOptimizer`."""
    rewriter = Rewriter(graph)
    for op in graph.ops:
        if op.type in _CALLS:
            _insert_body(rewriter, op, inline(op.attrs["f"]))
        else:
            rewriter.copy(op)
    return rewriter.finish()


def _insert_body(rewriter: Rewriter, call: Operation, body: Graph) -> None:
    arguments = zip(body.inputs, rewriter.inputs(call), strict=True)
    rewriter.tensors |= {inside.id: outside for inside, outside in arguments}
    before = rewriter.waited_for(call.control_inputs)
    given = {tensor.op for tensor in body.inputs}
    for op in body.ops:
        if op not in given:  # its effects wait for what the call would have waited for
            rewriter.copy(op, before if is_stateful(op) else ())
    rewriter.replace(call, [rewriter.tensors[t.id] for t in body.outputs])
    rewriter.stand_ins[call] = rewriter.waited_for(filter(is_stateful, body.ops))


def fold_constants(graph: Graph) -> Graph:
    """Compute what depends on constants alone. TensorFlow: `ConstantFolding`."""

    def rule(
        new: Graph, op: Operation, inputs: list[SymbolicTensor]
    ) -> list[SymbolicTensor] | None:
        if not inputs or not all(is_constant(graph, tensor) for tensor in op.inputs):
            return None
        values = [tensor.op.attrs["value"] for tensor in inputs]
        results = run_kernel(op.type, values, op.attrs)
        limit = max(_MAX_CONSTANT_SIZE, sum(value.nbytes for value in values))
        if sum(result.nbytes for result in results) > limit:
            return None  # it would bloat the graph
        return [new.constant(result) for result in results]

    return until_stable(graph, lambda g: rebuild(g, rule))


def merge_equal(graph: Graph) -> Graph:
    """Keep one of several ops that compute the same of the same inputs.

    TensorFlow: `DedupComputations` in
    tensorflow/core/grappler/optimizers/arithmetic_optimizer.cc.
    """
    seen: dict[Any, list[SymbolicTensor]] = {}

    def rule(
        new: Graph, op: Operation, inputs: list[SymbolicTensor]
    ) -> list[SymbolicTensor] | None:
        if op.type == "Placeholder":
            return None
        ids = [tensor.id for tensor in inputs]
        ids = sorted(ids) if op.type in _COMMUTATIVE else ids
        attrs = tuple((k, fingerprint(v)) for k, v in sorted(op.attrs.items()))
        key = (op.type, *ids, attrs)
        if key not in seen:
            seen[key] = _repeat(new, op, inputs)
        return seen[key]

    return rebuild(graph, rule)


def _repeat(
    new: Graph, op: Operation, inputs: list[SymbolicTensor]
) -> list[SymbolicTensor]:
    return new.create_op(op.type, inputs, dict(op.attrs), op.name)


def fingerprint(value: Any) -> Any:
    """Return something hashable that is equal for equal attributes, and only then."""
    if isinstance(value, np.ndarray | np.generic):
        return str(value.dtype), value.shape, value.tobytes()
    if isinstance(value, list | tuple):
        return tuple(map(fingerprint, value))
    return id(value) if isinstance(value, Graph) else value


def until_stable(graph: Graph, rewrite: Pass) -> Graph:
    """Repeat a pass until it finds no more to do."""
    while True:
        size = [op.type for op in graph.ops]
        graph = prune(rewrite(graph))
        if [op.type for op in graph.ops] == size:
            return graph


def simplify_arithmetic(graph: Graph) -> Graph:
    """Apply the rules of `microtf.arithmetic` as long as one fits."""
    return until_stable(graph, simplify)


PASSES: list[Pass] = [
    prune,
    inline,
    fold_constants,
    simplify_arithmetic,
    merge_equal,
    remap,
    prune,
]
