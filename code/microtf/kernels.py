"""Kernels of the mathematical ops: what each op computes, in NumPy.

TensorFlow: tensorflow/core/kernels (C++). The names of ops, inputs, and attributes
are those of TensorFlow's op definitions, which `tf.raw_ops` shows.
"""

from __future__ import annotations

import numpy as np

from microtf.op import register_kernel


def _sigmoid(x):
    # exp of a positive number may overflow; of a negative one it cannot.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def _softmax(logits):
    exponentials = np.exp(logits - logits.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


_ELEMENTWISE = {
    "Abs": np.abs,
    "AddV2": np.add,
    "Ceil": np.ceil,
    "Cos": np.cos,
    "Cosh": np.cosh,
    "Equal": np.equal,
    "Exp": np.exp,
    "Expm1": np.expm1,
    "Floor": np.floor,
    "Greater": np.greater,
    "GreaterEqual": np.greater_equal,
    "Identity": np.copy,
    "Less": np.less,
    "LessEqual": np.less_equal,
    "Log": np.log,
    "Log1p": np.log1p,
    "LogicalAnd": np.logical_and,
    "LogicalNot": np.logical_not,
    "LogicalOr": np.logical_or,
    "Maximum": np.maximum,
    "Minimum": np.minimum,
    "Mul": np.multiply,
    "Neg": np.negative,
    "OnesLike": np.ones_like,
    "Pow": np.power,
    "RealDiv": np.divide,
    "Reciprocal": np.reciprocal,
    "Relu": lambda x: np.maximum(x, np.zeros_like(x)),
    "Round": np.round,
    "Rsqrt": lambda x: np.reciprocal(np.sqrt(x)),
    "SelectV2": np.where,
    "Sigmoid": _sigmoid,
    "Sign": np.sign,
    "Sin": np.sin,
    "Sinh": np.sinh,
    "Softplus": lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
    "Sqrt": np.sqrt,
    "Square": np.square,
    "SquaredDifference": lambda x, y: np.square(x - y),
    "StopGradient": lambda x: x.copy(),
    "Sub": np.subtract,
    "Tanh": np.tanh,
    "ZerosLike": np.zeros_like,
}
# Defined for whole numbers, too, and without a kernel for them, as in TensorFlow.
_FLOATS_ONLY = ("RealDiv", "Reciprocal")
for _op_type, _function in _ELEMENTWISE.items():
    _constraint = {"T": "fc"} if _op_type in _FLOATS_ONLY else {}
    register_kernel(_op_type, **_constraint)(_function)


def _register_reduction(op_type, function):
    @register_kernel(op_type)
    def kernel(x, axis, keep_dims=False):
        # An empty `axis` reduces over nothing; NumPy's None, over everything.
        axes = tuple(int(a) for a in np.ravel(axis))
        return np.asarray(function(x, axis=axes, keepdims=keep_dims), x.dtype)


for _op_type, _function in {
    "Max": np.max,
    "Mean": np.mean,
    "Min": np.min,
    "Sum": np.sum,
}.items():
    _register_reduction(_op_type, _function)


@register_kernel("AddN")
def _add_n(*terms):
    total = terms[0]
    for term in terms[1:]:
        if term.shape != total.shape:
            raise ValueError(
                f"AddN expected equal shapes, {total.shape} and {term.shape}"
            )
        total = total + term
    return total


@register_kernel("Cast")
def _cast(x, *, DstT):  # noqa: N803 (TensorFlow's name of the attribute)
    return x.astype(DstT)


@register_kernel("MatMul")
def _matmul(a, b, *, transpose_a=False, transpose_b=False):
    return (a.T if transpose_a else a) @ (b.T if transpose_b else b)


@register_kernel("BatchMatMulV2")
def _batch_matmul(x, y, *, adj_x=False, adj_y=False):
    x = np.swapaxes(x, -1, -2) if adj_x else x
    return x @ (np.swapaxes(y, -1, -2) if adj_y else y)


@register_kernel("BiasAdd")
def _bias_add(value, bias):
    return value + bias


@register_kernel("Softmax")
def _softmax_kernel(logits):
    return _softmax(logits)


@register_kernel("LogSoftmax")
def _log_softmax(logits):
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
