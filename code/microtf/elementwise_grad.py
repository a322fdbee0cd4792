"""Gradient functions of the ops of one input that work element by element.

Which of `op.inputs` and `op.outputs` a function reads decides what the tape keeps
alive: the derivative of tanh is written with its output, so that the input may go.

TensorFlow: tensorflow/python/ops/math_grad.py and nn_grad.py.
"""

from __future__ import annotations

from microtf.math_grad import like
from microtf.op import op as run
from microtf.registry import RecordedOp, no_gradient, register_gradient
from microtf.tensor import Tensor


@register_gradient("Identity")
def _identity(op: RecordedOp, grad: Tensor):
    return grad


@register_gradient("Neg")
def _neg(op: RecordedOp, grad: Tensor):
    return -grad


@register_gradient("Abs")
def _abs(op: RecordedOp, grad: Tensor):
    return grad * run("Sign", op.inputs[0])


@register_gradient("Square")
def _square(op: RecordedOp, grad: Tensor):
    return grad * (like(grad, 2) * op.inputs[0])


@register_gradient("Reciprocal")
def _reciprocal(op: RecordedOp, grad: Tensor):
    (y,) = op.outputs
    return -grad * y * y


@register_gradient("Sqrt")
def _sqrt(op: RecordedOp, grad: Tensor):
    return grad * like(grad, 0.5) / op.outputs[0]


@register_gradient("Rsqrt")
def _rsqrt(op: RecordedOp, grad: Tensor):
    (y,) = op.outputs
    return grad * like(grad, -0.5) * y * y * y


@register_gradient("Exp")
def _exp(op: RecordedOp, grad: Tensor):
    return grad * op.outputs[0]


@register_gradient("Expm1")
def _expm1(op: RecordedOp, grad: Tensor):
    return grad * run("Exp", op.inputs[0])


@register_gradient("Log")
def _log(op: RecordedOp, grad: Tensor):
    return grad * run("Reciprocal", op.inputs[0])


@register_gradient("Log1p")
def _log1p(op: RecordedOp, grad: Tensor):
    return grad * run("Reciprocal", like(grad, 1) + op.inputs[0])


@register_gradient("Sin")
def _sin(op: RecordedOp, grad: Tensor):
    return grad * run("Cos", op.inputs[0])


@register_gradient("Cos")
def _cos(op: RecordedOp, grad: Tensor):
    return -grad * run("Sin", op.inputs[0])


@register_gradient("Sinh")
def _sinh(op: RecordedOp, grad: Tensor):
    return grad * run("Cosh", op.inputs[0])


@register_gradient("Cosh")
def _cosh(op: RecordedOp, grad: Tensor):
    return grad * run("Sinh", op.inputs[0])


@register_gradient("Tanh")
def _tanh(op: RecordedOp, grad: Tensor):
    (y,) = op.outputs
    return grad * (like(grad, 1) - y * y)


@register_gradient("Sigmoid")
def _sigmoid(op: RecordedOp, grad: Tensor):
    (y,) = op.outputs
    return grad * y * (like(grad, 1) - y)


@register_gradient("Relu")
def _relu(op: RecordedOp, grad: Tensor):
    alive = run("Greater", op.outputs[0], like(grad, 0))
    return run("SelectV2", alive, grad, like(grad, 0))


@register_gradient("Softplus")
def _softplus(op: RecordedOp, grad: Tensor):
    return grad * run("Sigmoid", op.inputs[0])


@register_gradient("Sign")
def _sign(op: RecordedOp, grad: Tensor):
    return run("ZerosLike", op.inputs[0])


@register_gradient("Cast")
def _cast(op: RecordedOp, grad: Tensor):
    # What became a whole number has no way back to the input.
    if grad.dtype.kind not in "fc":
        return None
    return run("Cast", grad, DstT=op.inputs[0].dtype)


@register_gradient("ReadVariableOp")
def _read_variable(op: RecordedOp, grad: Tensor):
    return grad


for _op_type in ("Ceil", "Floor", "OnesLike", "Round", "StopGradient", "ZerosLike"):
    no_gradient(_op_type)
