"""Rules of arithmetic for graphs: the same value from fewer or cheaper ops.

A rule of this module never changes a bit of a result, the sign of a zero aside.
TensorFlow: tensorflow/core/grappler/optimizers/arithmetic_optimizer.cc, and for neutral
elements `SimplifyArithmeticOperations` in constant_folding.cc beside it (C++).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from microtf.graph import Graph
from microtf.rewriting import is_constant, rebuild
from microtf.symbolic import Operation, SymbolicTensor

Inputs = list[SymbolicTensor]
# Takes the graph and the inputs of an op; returns a tensor that equals its output.
ArithmeticRule = Callable[[Graph, Operation, Inputs], SymbolicTensor | None]

# Op type -> the constant that changes nothing, and the inputs that may be it.
_NEUTRAL = {"AddV2": (0, (0, 1)), "Sub": (0, (1,)), "Mul": (1, (0, 1))}
_NEUTRAL |= {"RealDiv": (1, (1,)), "Pow": (1, (1,))}


def simplify(graph: Graph) -> Graph:
    """Apply the first rule that fits, op by op."""

    def rule(new: Graph, op: Operation, inputs: Inputs) -> Inputs | None:
        for find in RULES:
            tensor = find(new, op, inputs)
            if tensor is not None and tensor.spec == op.outputs[0].spec:
                return [tensor]
        return None

    return rebuild(graph, rule)


def drop_neutral(graph: Graph, op: Operation, inputs: Inputs) -> SymbolicTensor | None:
    """x + 0, x - 0, x * 1, x / 1, and x ** 1 are x."""
    neutral, places = _NEUTRAL.get(op.type, (None, ()))
    for place in places:
        constant = inputs[place]
        known = is_constant(graph, constant)
        if known and np.all(constant.op.attrs["value"] == neutral):
            return inputs[1 - place]
    return None


def drop_identity(graph: Graph, op: Operation, inputs: Inputs) -> SymbolicTensor | None:
    """A copy is what it was copied from: tensors do not change."""
    return inputs[0] if op.type == "Identity" else None


def undo_pair(graph: Graph, op: Operation, inputs: Inputs) -> SymbolicTensor | None:
    """-(-x) is x, and so is the transpose of the transpose."""
    if not inputs or inputs[0].op.type != op.type:
        return None
    before = inputs[0].op
    if op.type == "Neg":
        return before.inputs[0]
    if op.type == "Transpose":
        perms = [before.inputs[1], inputs[1]]
        if all(is_constant(graph, perm) for perm in perms):
            first, second = (perm.op.attrs["value"] for perm in perms)
            if np.array_equal(first[second], range(len(first))):
                return before.inputs[0]
    return None


def skip_reshape(graph: Graph, op: Operation, inputs: Inputs) -> SymbolicTensor | None:
    """Of two changes of shape in a row the second one counts, if any."""
    if op.type != "Reshape":
        return None
    source = inputs[0]
    if source.op.type == "Reshape":
        source = source.op.inputs[0]
    shape = op.outputs[0].shape
    if source.shape == shape and shape is not None and None not in shape:
        return source
    if source is inputs[0]:
        return None
    return graph.create_op("Reshape", [source, inputs[1]], dict(op.attrs), op.name)[0]


def square(graph: Graph, op: Operation, inputs: Inputs) -> SymbolicTensor | None:
    """x ** 2 and x * x are cheaper as a square."""
    if op.type == "Mul":
        fits = inputs[0] is inputs[1]
    else:
        fits = op.type == "Pow" and is_constant(graph, inputs[1])
        fits = fits and np.all(inputs[1].op.attrs["value"] == 2)
    return graph.create_op("Square", inputs[:1], {}, op.name)[0] if fits else None


def fold_transpose(
    graph: Graph, op: Operation, inputs: Inputs
) -> SymbolicTensor | None:
    """A product can read its inputs transposed, without moving them."""
    if op.type != "MatMul":
        return None
    sources, attrs = list(inputs), dict(op.attrs)
    for place, name in enumerate(("transpose_a", "transpose_b")):
        if _is_flip(graph, inputs[place].op):
            sources[place] = inputs[place].op.inputs[0]
            attrs[name] = not attrs.get(name, False)
    if attrs == op.attrs:
        return None
    return graph.create_op("MatMul", sources, attrs, op.name)[0]


def _is_flip(graph: Graph, op: Operation) -> bool:
    if op.type != "Transpose" or not is_constant(graph, op.inputs[1]):
        return False
    return op.inputs[1].op.attrs["value"].tolist() == [1, 0]


RULES: list[ArithmeticRule] = [
    drop_neutral,
    drop_identity,
    undo_pair,
    skip_reshape,
    square,
    fold_transpose,
]
