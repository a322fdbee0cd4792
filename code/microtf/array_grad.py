"""Gradient functions of the ops that move elements about, and of layers of a network.

TensorFlow: tensorflow/python/ops/array_grad.py, manip_grad.py, and nn_grad.py.
"""

from __future__ import annotations

import numpy as np

from microtf.indexed_slices import IndexedSlices
from microtf.math_grad import as_ints
from microtf.op import op as run
from microtf.registry import RecordedOp, register_gradient
from microtf.symbolic import constant_value
from microtf.tensor import Tensor


def _ints(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


def _reshape_like(grad: Tensor, tensor: Tensor) -> Tensor:
    return run("Reshape", grad, as_ints(tensor.shape))


@register_gradient("Reshape")
def _reshape(op: RecordedOp, grad: Tensor):
    return _reshape_like(grad, op.inputs[0]), None


@register_gradient("ExpandDims")
def _expand_dims(op: RecordedOp, grad: Tensor):
    return _reshape_like(grad, op.inputs[0]), None


@register_gradient("Squeeze")
def _squeeze(op: RecordedOp, grad: Tensor):
    return _reshape_like(grad, op.inputs[0])


@register_gradient("Transpose")
def _transpose(op: RecordedOp, grad: Tensor):
    return run("Transpose", grad, np.argsort(constant_value(op.inputs[1]))), None


@register_gradient("BroadcastTo")
def _broadcast_to(op: RecordedOp, grad: Tensor):
    x, shape = op.inputs[0].shape, grad.shape
    aligned = (1,) * (len(shape) - len(x)) + x
    axes = [a for a, (n, m) in enumerate(zip(aligned, shape, strict=True)) if n != m]
    return _reshape_like(run("Sum", grad, _ints(*axes)), op.inputs[0]), None


@register_gradient("Tile")
def _tile(op: RecordedOp, grad: Tensor):
    x, multiples = op.inputs
    known = constant_value(multiples)
    pairs = [n for pair in zip(known, x.shape, strict=True) for n in pair]
    copies = run("Reshape", grad, _ints(*pairs))
    return run("Sum", copies, _ints(*range(0, len(pairs), 2))), None


@register_gradient("ConcatV2")
def _concat(op: RecordedOp, grad: Tensor):
    *values, axis = op.inputs
    axis = int(constant_value(axis))
    begin, gradients = np.zeros(len(grad.shape), np.int32), []
    for value in values:
        # An unknown length is -1, to the end: all but the axis are the same in all.
        gradients.append(run("Slice", grad, begin, as_ints(value.shape)))
        begin = begin.copy()
        begin[axis] += _known_length(value, axis)
    return [*gradients, None]


def _known_length(value: Tensor, axis: int) -> int:
    if value.shape[axis] is None:
        raise NotImplementedError(
            f"expected known lengths along the axis {axis} of concat, got {value.shape}"
        )
    return value.shape[axis]


@register_gradient("Pack")
def _pack(op: RecordedOp, grad: Tensor):
    axis = op.get_attr("axis", 0)
    return run("Unpack", grad, num=grad.shape[axis], axis=axis)


@register_gradient("Unpack")
def _unpack(op: RecordedOp, *grads: Tensor):
    return run("Pack", *grads, axis=op.get_attr("axis", 0))


@register_gradient("Slice")
def _slice(op: RecordedOp, grad: Tensor):
    x, begin, _ = op.inputs
    before = constant_value(begin)
    after = np.subtract(x.shape, before) - grad.shape
    paddings = np.stack([before, after], axis=1).astype(np.int32)
    return run("Pad", grad, paddings), None, None


@register_gradient("Pad")
def _pad(op: RecordedOp, grad: Tensor):
    x, paddings = op.inputs
    begin = constant_value(paddings)[:, 0]
    if None in x.shape:
        raise NotImplementedError(f"expected a known shape under pad, got {x.shape}")
    return run("Slice", grad, begin, _ints(*x.shape)), None


@register_gradient("GatherV2")
def _gather(op: RecordedOp, grad: Tensor):
    params, indices, axis = op.inputs
    axis = int(constant_value(axis))
    if axis == 0:
        return _gathered_rows(grad, params, indices), None, None
    # Bring the axis to the front, add up the rows that were gathered, put it back.
    at, many = axis % len(params.shape), len(indices.shape)
    order = [*range(at, at + many), *range(at), *range(at + many, len(grad.shape))]
    rows = run("Transpose", grad, _ints(*order))
    total = run("UnsortedSegmentSum", rows, indices, _ints(params.shape[at])[0])
    back = [*range(1, at + 1), 0, *range(at + 1, len(params.shape))]
    return run("Transpose", total, _ints(*back)), None, None


def _gathered_rows(grad: Tensor, params: Tensor, indices: Tensor) -> IndexedSlices:
    """Return the upstream gradient as it is, with the numbers of its rows."""
    count = int(np.prod(indices.shape))
    values = run("Reshape", grad, _ints(count, *params.shape[1:]))
    return IndexedSlices(values, run("Reshape", indices, _ints(count)), params.shape)


@register_gradient("UnsortedSegmentSum")
def _unsorted_segment_sum(op: RecordedOp, grad: Tensor):
    return run("GatherV2", grad, op.inputs[1], _ints(0)[0]), None, None


@register_gradient("BiasAdd")
def _bias_add(op: RecordedOp, grad: Tensor):
    return grad, run("Sum", grad, _ints(*range(len(grad.shape) - 1)))


@register_gradient("Softmax")
def _softmax(op: RecordedOp, grad: Tensor):
    (y,) = op.outputs
    return (grad - run("Sum", grad * y, _ints(-1), keep_dims=True)) * y


@register_gradient("LogSoftmax")
def _log_softmax(op: RecordedOp, grad: Tensor):
    probabilities = run("Exp", op.outputs[0])
    return grad - run("Sum", grad, _ints(-1), keep_dims=True) * probabilities
