"""The ops of neural networks under the names that programs call them by.

TensorFlow: tensorflow/python/ops/nn_ops.py, public as `tf.nn`.
"""

from __future__ import annotations

from typing import Any

from microtf.math_ops import sigmoid, softplus, tanh
from microtf.op import op
from microtf.tensor import Tensor

__all__ = ["bias_add", "log_softmax", "relu", "sigmoid", "softmax", "softplus", "tanh"]


def relu(features: Any) -> Tensor:
    """Replace negative numbers by zero."""
    return op("Relu", features)


def bias_add(value: Any, bias: Any) -> Tensor:
    """Add a vector to the last axis."""
    return op("BiasAdd", value, bias)


def softmax(logits: Any) -> Tensor:
    """Turn logits into probabilities along the last axis."""
    return op("Softmax", logits)


def log_softmax(logits: Any) -> Tensor:
    """Return the logarithm of `softmax`, without passing through it."""
    return op("LogSoftmax", logits)
