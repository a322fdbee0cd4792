"""Operators: how `a + b` becomes a call of `math_ops.add`.

They are hung into the class from outside: `microtf.tensor` knows no mathematics.
TensorFlow: tensorflow/python/framework/override_binary_operator.py.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from microtf import math_ops
from microtf.tensor import Tensor, convert_to_tensor


def _operator(function: Callable[[Any, Any], Tensor]) -> Callable[..., Tensor]:
    """Read `x` if it is a variable, so that `function` finds a tensor."""

    @functools.wraps(function)
    def operator(x: Any, y: Any) -> Tensor:
        return function(convert_to_tensor(x), y)

    return operator


def _reversed_operator(function: Callable[[Any, Any], Tensor]) -> Callable[..., Tensor]:
    """Order `x` to the dtype of `y`: `x` came first and is no tensor, `y` is one."""

    @functools.wraps(function)
    def operator(y: Any, x: Any) -> Tensor:
        y = convert_to_tensor(y)
        return function(convert_to_tensor(x, y.dtype), y)

    return operator


def overload_operators(cls: type) -> None:
    """Give `cls` the arithmetic operators, each of them one op."""
    for name, function in {
        "add": math_ops.add,
        "matmul": math_ops.matmul,
        "mul": math_ops.multiply,
        "pow": math_ops.pow,
        "sub": math_ops.subtract,
        "truediv": math_ops.divide,
    }.items():
        setattr(cls, f"__{name}__", _operator(function))
        setattr(cls, f"__r{name}__", _reversed_operator(function))
    for name, function in {
        "ge": math_ops.greater_equal,
        "gt": math_ops.greater,
        "le": math_ops.less_equal,
        "lt": math_ops.less,
    }.items():
        setattr(cls, f"__{name}__", _operator(function))
    cls.__abs__, cls.__neg__ = math_ops.abs, math_ops.negative


overload_operators(Tensor)
