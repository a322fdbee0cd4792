"""The gradient of `If`: ask again, and go back through the branch that was taken.

TensorFlow: `_IfGrad` in tensorflow/python/ops/cond_v2.py.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np

from microtf.control_flow import cond
from microtf.gradient_functions import ForwardBackward
from microtf.op import graph_mode, op, register_kernel
from microtf.op_def import register_op
from microtf.record import record_operation
from microtf.registry import RecordedOp, no_gradient, register_gradient
from microtf.shapes import from_attr
from microtf.symbolic import Operation, SymbolicTensor
from microtf.tape import Gradient
from microtf.tensor import Tensor, constant

register_op("FakeParam", "-> output: dtype", from_attr)
no_gradient("FakeParam")


@register_kernel("FakeParam")
def _fake_param(*, dtype, shape):
    # Nobody reads it: it fills the place of what the other branch would have computed.
    return np.zeros([n or 0 for n in shape or ()], dtype)


@register_gradient("StatelessIf")
def _if_grad(forward: RecordedOp, *upstream: Gradient) -> list[Gradient]:
    pred, node = forward.inputs[0], forward.outputs[0].op
    pairs = _extend(node)
    own = pairs[0].num_outputs
    seeds = [*upstream, *(op("ZerosLike", t) for t in node.outputs[len(upstream) :])]
    extras = [len(pair.forward.outputs) - own for pair in pairs]
    begins = [own, own + extras[0]]

    def go_back(number: int) -> list[Gradient]:
        pair, other = pairs[number], pairs[1 - number]
        mine = slice(begins[number], begins[number] + extras[number])
        results = node.outputs[:own] + node.outputs[mine]
        gradients = pair.call_backward(seeds[:own] + seeds[mine], results)
        wanted = zip(gradients, other.backward.structured_outputs, strict=True)
        return [
            _zeros(like, tensor) if found is None else found
            for (found, like), tensor in zip(wanted, node.inputs[1:], strict=True)
        ]

    return [None, *cond(pred, lambda: go_back(0), lambda: go_back(1))]


register_gradient("If")(_if_grad)


def _zeros(like: Tensor | None, tensor: Tensor) -> Gradient:
    """Return the gradient of a branch that has none, where the other one has."""
    if like is None:
        return None
    if like.shape is None or None in like.shape:
        return op("ZerosLike", tensor)
    return constant(np.zeros(like.shape, like.dtype))


def _extend(node: Operation) -> Sequence[ForwardBackward]:
    """Have an `If` also return what the way back through either branch needs.

    The branch that is not taken has fake values for it, which nobody reads.
    """
    branches = [node.attrs["then_branch"], node.attrs["else_branch"]]
    if hasattr(branches[0], "pairs"):
        return branches[0].pairs
    pairs = [ForwardBackward(branch, higher_order=True) for branch in branches]
    own = len(node.outputs)
    extras = [pair.forward.outputs[own:] for pair in pairs]
    longer = [copy.copy(pair.forward) for pair in pairs]
    for number, graph in enumerate(longer):
        with graph_mode(branches[number]):
            values = [
                tensor if owner == number else _fake(tensor)
                for owner in (0, 1)
                for tensor in extras[owner]
            ]
        graph.outputs, graph.pairs = [*graph.outputs[:own], *values], pairs
    _replace(node, longer)
    return pairs


def _fake(tensor: Tensor) -> Tensor:
    return op("FakeParam", dtype=tensor.dtype, shape=tensor.shape)


def _replace(node: Operation, branches: Sequence) -> None:
    """Give an `If` other branches, which return more, and tell the tapes of it."""
    before = len(node.outputs)
    outputs = branches[0].outputs
    node.attrs |= dict(zip(("then_branch", "else_branch"), branches, strict=True))
    node.attrs["Tout"] = [tensor.dtype for tensor in outputs]
    for tensor in outputs[before:]:
        node.outputs.append(SymbolicTensor(node, len(node.outputs), tensor.spec))
    recorded = RecordedOp(node.type, node.attrs, node.inputs, node.outputs)

    def backward(*upstream: Gradient) -> list[Gradient]:
        zeros = [op("ZerosLike", tensor) for tensor in node.outputs[:before]]
        return _if_grad(recorded, *zeros, *upstream)

    record_operation(node.type, node.outputs[before:], node.inputs, backward)
