"""Gradient functions of the ops that reduce a tensor along some of its axes.

TensorFlow: tensorflow/python/ops/math_grad.py.
"""

from __future__ import annotations

from math import prod

import numpy as np

from microtf.math_grad import like
from microtf.op import op as run
from microtf.registry import RecordedOp, register_gradient
from microtf.symbolic import constant_value
from microtf.tensor import Tensor


@register_gradient("Sum")
def _sum(op: RecordedOp, grad: Tensor):
    x, axis = op.inputs
    return _spread(grad, x, axis), None


@register_gradient("Mean")
def _mean(op: RecordedOp, grad: Tensor):
    x, axis = op.inputs
    (mean,) = op.outputs
    if None in x.shape:
        count = run("Sum", run("OnesLike", x), axis, keep_dims=True)
        return _spread(grad, x, axis) / count, None
    share = prod(mean.shape) / max(prod(x.shape), 1)
    return _spread(grad, x, axis) * like(grad, share), None


def _largest_or_smallest(grad: Tensor, x: Tensor, axis: Tensor, y: Tensor) -> Tensor:
    # Elements that share the extreme value share the gradient.
    hit = run("Cast", run("Equal", x, _spread(y, x, axis)), DstT=grad.dtype)
    return _spread(grad, x, axis) * hit / _spread(run("Sum", hit, axis), x, axis)


@register_gradient("Max")
def _max(op: RecordedOp, grad: Tensor):
    x, axis = op.inputs
    return _largest_or_smallest(grad, x, axis, op.outputs[0]), None


@register_gradient("Min")
def _min(op: RecordedOp, grad: Tensor):
    x, axis = op.inputs
    return _largest_or_smallest(grad, x, axis, op.outputs[0]), None


def _spread(reduced: Tensor, x: Tensor, axis: Tensor) -> Tensor:
    """Stretch the result of a reduction of `x` over `axis` back to the shape of `x`."""
    axes = {int(a) % len(x.shape) for a in np.ravel(constant_value(axis))}
    if None in x.shape:  # in a graph: stretch to what it will be
        for axis_number in sorted(axes):
            if len(reduced.shape) < len(x.shape):
                reduced = run("ExpandDims", reduced, np.int32(axis_number))
        return reduced * run("OnesLike", x)
    kept = [1 if a in axes else n for a, n in enumerate(x.shape)]
    column = run("Reshape", reduced, np.array(kept, np.int32))
    return run("BroadcastTo", column, np.array(x.shape, np.int32))
