"""Gradient functions of the mathematical ops.

Each is a vector-Jacobian product: it takes the gradient of the loss with respect to the
op's output, and returns the gradient with respect to each input. They are written with
ops, so that a tape can record them in turn: higher derivatives need nothing more.

TensorFlow: tensorflow/python/ops/math_grad.py.
"""

from __future__ import annotations

import numpy as np

from microtf.op import op as run
from microtf.registry import RecordedOp, no_gradient, register_gradient
from microtf.tensor import Tensor, constant


def like(tensor: Tensor, number: float) -> Tensor:
    """Return a scalar tensor of the same dtype as `tensor`."""
    return constant(number, tensor.dtype)


def sum_to_shape(gradient: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Undo a broadcast: sum over the axes along which `shape` was stretched.

    TensorFlow: `SmartBroadcastGradientArgs` and `_ReduceGradientArgs`.

    >>> sum_to_shape(constant(np.ones((4, 3))), (1, 3)).numpy()
    array([[4., 4., 4.]])
    """
    if gradient.shape == shape:
        return gradient
    new = len(gradient.shape) - len(shape)
    stretched = [
        axis + new
        for axis, length in enumerate(shape)
        if length == 1 and gradient.shape[axis + new] != 1
    ]
    axes = np.array([*range(new), *stretched], np.int32)
    return run("Reshape", run("Sum", gradient, axes), as_ints(shape))


def as_ints(shape: tuple[int | None, ...]) -> np.ndarray:
    """Return a shape as `Reshape` wants it; -1 is a length that a run will show."""
    return np.array([-1 if n is None else n for n in shape], np.int32)


@register_gradient("AddV2")
def _add(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    return sum_to_shape(grad, x.shape), sum_to_shape(grad, y.shape)


@register_gradient("Sub")
def _sub(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    return sum_to_shape(grad, x.shape), sum_to_shape(-grad, y.shape)


@register_gradient("Mul")
def _mul(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    skip = op.skip_input_indices
    return (
        None if 0 in skip else sum_to_shape(grad * y, x.shape),
        None if 1 in skip else sum_to_shape(grad * x, y.shape),
    )


@register_gradient("RealDiv")
def _real_div(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    return sum_to_shape(grad / y, x.shape), sum_to_shape(-grad * x / y / y, y.shape)


@register_gradient("Pow")
def _pow(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    (z,) = op.outputs
    dx = dy = None
    if 0 not in op.skip_input_indices:
        dx = sum_to_shape(grad * y * x ** (y - like(y, 1)), x.shape)
    if 1 not in op.skip_input_indices:
        positive = run("Greater", x, like(x, 0))
        log_x = run("Log", run("SelectV2", positive, x, like(x, 1)))
        dy = sum_to_shape(grad * z * log_x, y.shape)
    return dx, dy


@register_gradient("SquaredDifference")
def _squared_difference(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    slope = like(grad, 2) * grad * (x - y)
    return sum_to_shape(slope, x.shape), sum_to_shape(-slope, y.shape)


def _chosen(grad: Tensor, x: Tensor, y: Tensor, comparison: str):
    # Where both are equal, the first input takes the whole gradient, as in TensorFlow.
    first, zero = run(comparison, x, y), like(grad, 0)
    return (
        sum_to_shape(run("SelectV2", first, grad, zero), x.shape),
        sum_to_shape(run("SelectV2", first, zero, grad), y.shape),
    )


@register_gradient("Maximum")
def _maximum(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    return _chosen(grad, x, y, "GreaterEqual")


@register_gradient("Minimum")
def _minimum(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    return _chosen(grad, x, y, "LessEqual")


@register_gradient("SelectV2")
def _select(op: RecordedOp, grad: Tensor):
    condition, x, y = op.inputs
    zero = like(grad, 0)
    dx = run("SelectV2", condition, grad, zero)
    dy = run("SelectV2", condition, zero, grad)
    return None, sum_to_shape(dx, x.shape), sum_to_shape(dy, y.shape)


@register_gradient("AddN")
def _add_n(op: RecordedOp, grad: Tensor):
    return [grad] * len(op.inputs)


@register_gradient("MatMul")
def _matmul(op: RecordedOp, grad: Tensor):
    return _matmul_grad(op, grad, "MatMul", "transpose_a", "transpose_b", *op.inputs)


@register_gradient("BatchMatMulV2")
def _batch_matmul(op: RecordedOp, grad: Tensor):
    x, y = op.inputs
    dx, dy = _matmul_grad(op, grad, "BatchMatMulV2", "adj_x", "adj_y", x, y)
    return (
        None if dx is None else sum_to_shape(dx, x.shape),
        None if dy is None else sum_to_shape(dy, y.shape),
    )


def _matmul_grad(op, grad, product, flip_a, flip_b, a, b):
    flip = {flip_a: op.get_attr(flip_a, False), flip_b: op.get_attr(flip_b, False)}
    da = db = None
    if 0 not in op.skip_input_indices:
        # With c = a b: da = dc b', db = a' dc; a flipped input flips its gradient.
        left, right = (b, grad) if flip[flip_a] else (grad, b)
        turned = {flip_a: flip[flip_a] and flip[flip_b]}
        turned[flip_b] = flip[flip_a] or not flip[flip_b]
        da = run(product, left, right, **turned)
    if 1 not in op.skip_input_indices:
        left, right = (grad, a) if flip[flip_b] else (a, grad)
        turned = {flip_a: flip[flip_b] or not flip[flip_a]}
        turned[flip_b] = flip[flip_b] and flip[flip_a]
        db = run(product, left, right, **turned)
    return da, db


for _op_type in ("Equal", "Greater", "GreaterEqual", "Less", "LessEqual"):
    no_gradient(_op_type)
for _op_type in ("LogicalAnd", "LogicalNot", "LogicalOr"):
    no_gradient(_op_type)
