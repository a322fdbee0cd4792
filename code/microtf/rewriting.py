"""Graphs that grow out of graphs: what every pass of the optimizer is built on.

A pass never changes the graph that it is given, since a backward function may capture
its tensors. TensorFlow: `GraphDef` in, `GraphDef` out, as in `GraphOptimizer` of
tensorflow/core/grappler/optimizers/graph_optimizer.h (C++).
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Sequence

from microtf.auto_control_deps import is_stateful
from microtf.func_graph import FuncGraph
from microtf.graph import Graph
from microtf.symbolic import Operation, SymbolicTensor

#: Takes the new graph, an operation of the old one, and its inputs in the new graph;
#: returns what stands for the outputs, or None to leave the operation as it is.
Rule = Callable[
    [Graph, Operation, list[SymbolicTensor]], Sequence[SymbolicTensor] | None
]


class Rewriter:
    """A new graph, and what stands in it for the tensors and operations of the old."""

    def __init__(self, graph: Graph):
        self.old = graph
        self.new = copy.copy(graph)
        self.new.ops, self.new.inputs, self.new._names = [], [], {}
        self.tensors: dict[int, SymbolicTensor] = {}
        self.stand_ins: dict[Operation, list[Operation]] = {}

    def inputs(self, op: Operation) -> list[SymbolicTensor]:
        """Return the inputs of an old operation in the new graph."""
        return [self.tensors[tensor.id] for tensor in op.inputs]

    def copy(self, op: Operation, also_after: Sequence[Operation] = ()) -> Operation:
        """Append a copy of an operation, which waits for those in `also_after`, too."""
        twin = copy.copy(op)
        twin.graph, twin.inputs, twin.attrs = self.new, self.inputs(op), dict(op.attrs)
        twin.name = self.new._unique(op.name)
        twin.control_inputs = [*also_after, *self.waited_for(op.control_inputs)]
        twin.outputs = [SymbolicTensor(twin, t.value_index, t.spec) for t in op.outputs]
        self.new.ops.append(twin)
        self.replace(op, twin.outputs)
        self.stand_ins[op] = [twin]
        if any(tensor.op is op for tensor in self.old.inputs):
            self.new.inputs += twin.outputs  # `finish` puts them in order
        return twin

    def replace(self, op: Operation, outputs: Sequence[SymbolicTensor]) -> None:
        """Have tensors of the new graph stand for the outputs of an operation."""
        pairs = zip(op.outputs, outputs, strict=True)
        self.tensors |= {tensor.id: stand_in for tensor, stand_in in pairs}

    def waited_for(self, ops: Sequence[Operation]) -> list[Operation]:
        """Return what has to have run in the new graph where `ops` had to before."""
        found = (twin for op in ops for twin in self.stand_ins.get(op, ()))
        return list(dict.fromkeys(found))

    def finish(self) -> Graph:
        """Give the new graph the inputs, outputs, and effects of the old one."""
        old, new = self.old, self.new
        new.inputs = [self.tensors[tensor.id] for tensor in old.inputs]
        new.outputs = [self.tensors[tensor.id] for tensor in old.outputs]
        new.control_outputs = self.waited_for(old.control_outputs)
        if isinstance(new, FuncGraph):
            new._captures = {
                outside.id: (outside, self.tensors[inside.id])
                for outside, inside in old.captures
            }
        return new


def rebuild(graph: Graph, rule: Rule) -> Graph:
    """Copy a graph op by op, with what the rule offers in place of operations.

    The rule is not asked about operations that somebody waits for or that wait
    themselves, nor about inputs, which belong to the caller.
    """
    rewriter, fixed = Rewriter(graph), {tensor.op for tensor in graph.inputs}
    for op in graph.ops:
        free = not (op in fixed or op.control_inputs or is_stateful(op))
        offer = rule(rewriter.new, op, rewriter.inputs(op)) if free else None
        if offer is None:
            rewriter.copy(op)
        else:
            rewriter.replace(op, offer)
    return rewriter.finish()


def count_uses(graph: Graph) -> Counter[int]:
    """Count how often each tensor is read, by an operation or as an output."""
    read = [tensor.id for op in graph.ops for tensor in op.inputs]
    return Counter([*read, *(tensor.id for tensor in graph.outputs)])


def is_constant(graph: Graph, tensor: SymbolicTensor) -> bool:
    """Whether a tensor has the same value in each run; a captured value is an input."""
    return tensor.op.type == "Const" and all(tensor is not t for t in graph.inputs)
