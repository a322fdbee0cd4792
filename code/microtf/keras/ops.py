"""Functions that compute on values, and record themselves on symbolic tensors.

Keras: keras/src/ops/numpy.py, keras/src/ops/nn.py.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf import math_ops, nn
from microtf.keras.keras_tensor import KerasTensor, any_symbolic_tensors
from microtf.keras.operation import Operation
from microtf.tensor import convert_to_tensor


class Compute(Operation):
    """The base of operations without state: a function and its options."""

    compute: Callable[..., Any]

    def __init__(self, **options: Any):
        super().__init__()
        self.options = options

    def call(self, *tensors: Any) -> Any:
        """Apply the function."""
        return type(self).compute(*tensors, **self.options)


def dispatched(compute: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function on tensors take symbolic tensors, too.

    Tensors are positional arguments, what the operation has to remember has a name.
    """
    title = compute.__name__.title().replace("_", "")
    operation = type(title, (Compute,), {"compute": staticmethod(compute)})

    @functools.wraps(compute)
    def run(*tensors: Any, **options: Any) -> Any:
        if any_symbolic_tensors(tensors):
            return operation(**options).symbolic_call(*tensors)
        return compute(*tensors, **options)

    return run


@dispatched
def add(x1: Any, x2: Any) -> Any:
    """Return the sum."""
    return _first(x1, x2) + x2


@dispatched
def subtract(x1: Any, x2: Any) -> Any:
    """Return the difference."""
    return _first(x1, x2) - x2


@dispatched
def multiply(x1: Any, x2: Any) -> Any:
    """Return the product of elements."""
    return _first(x1, x2) * x2


@dispatched
def divide(x1: Any, x2: Any) -> Any:
    """Return the quotient."""
    return _first(x1, x2) / x2


@dispatched
def power(x1: Any, x2: Any) -> Any:
    """Return x1 to the power of x2."""
    return _first(x1, x2) ** x2


@dispatched
def matmul(x1: Any, x2: Any) -> Any:
    """Return the product of matrices."""
    return math_ops.matmul(x1, x2)


@dispatched
def concatenate(xs: Sequence[Any], axis: int = -1) -> Any:
    """Return a list of tensors as one, joined along `axis`."""
    tensors = [convert_to_tensor(x) for x in xs]
    return math_ops.concat(tensors, axis % len(tensors[0].shape))


@dispatched
def reshape(x: Any, newshape: Sequence[int] = (-1,)) -> Any:
    """Return the same elements in another shape."""
    return math_ops.reshape(x, list(newshape))


def _reduction(reduce: Callable[..., Any], name: str) -> Callable[..., Any]:
    def run(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        x = convert_to_tensor(x)
        axes = np.arange(len(x.shape)) if axis is None else axis
        return reduce(x, np.asarray(axes) % len(x.shape), keepdims=keepdims)

    run.__name__, run.__doc__ = name, f"Return the {name} over `axis`, or over all."
    return dispatched(run)


def _elementwise(function: Callable[[Any], Any], name: str) -> Callable[..., Any]:
    def run(x: Any) -> Any:
        return function(convert_to_tensor(x))

    run.__name__, run.__doc__ = name, f"Return {name} of each element."
    return dispatched(run)


def _first(x1: Any, x2: Any) -> Any:
    dtype = x2.dtype if hasattr(x2, "dtype") and not hasattr(x1, "dtype") else None
    return convert_to_tensor(x1, dtype)


sum = _reduction(math_ops.reduce_sum, "sum")
mean = _reduction(math_ops.reduce_mean, "mean")
max = _reduction(math_ops.reduce_max, "max")
abs = _elementwise(math_ops.abs, "abs")
exp = _elementwise(math_ops.exp, "exp")
relu = _elementwise(nn.relu, "relu")
sigmoid = _elementwise(math_ops.sigmoid, "sigmoid")
softmax = _elementwise(nn.softmax, "softmax")
sqrt = _elementwise(math_ops.sqrt, "sqrt")
square = _elementwise(math_ops.square, "square")
tanh = _elementwise(math_ops.tanh, "tanh")


def _overload_operators(cls: type) -> None:
    """Hang the operators into symbolic tensors, which know no mathematics."""
    for name, function in {
        "add": add,
        "matmul": matmul,
        "mul": multiply,
        "pow": power,
        "sub": subtract,
        "truediv": divide,
    }.items():
        setattr(cls, f"__{name}__", lambda x1, x2, f=function: f(x1, x2))
        setattr(cls, f"__r{name}__", lambda x2, x1, f=function: f(x1, x2))
    cls.__neg__ = lambda x: multiply(x, -1.0)
    cls.__abs__ = lambda x: abs(x)
    cls.__array_ufunc__ = None  # let NumPy's arrays leave the operator to us


_overload_operators(KerasTensor)
