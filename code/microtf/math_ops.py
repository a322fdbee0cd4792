"""The ops under the names that programs call them by.

TensorFlow: tensorflow/python/ops/math_ops.py and array_ops.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.op import op
from microtf.tensor import Tensor, convert_to_tensor


def _unary(op_type: str) -> Callable[[Any], Tensor]:
    def run(x: Any) -> Tensor:
        return op(op_type, x)

    run.__name__ = run.__qualname__ = op_type.lower()
    run.__doc__ = f"Run one `{op_type}` op."
    return run


abs = _unary("Abs")
cos = _unary("Cos")
exp = _unary("Exp")
identity = _unary("Identity")
log = _unary("Log")
log1p = _unary("Log1p")
logical_not = _unary("LogicalNot")
negative = _unary("Neg")
ones_like = _unary("OnesLike")
round = _unary("Round")
sigmoid = _unary("Sigmoid")
sin = _unary("Sin")
softplus = _unary("Softplus")
sqrt = _unary("Sqrt")
square = _unary("Square")
tanh = _unary("Tanh")
zeros_like = _unary("ZerosLike")


def _binary(op_type: str) -> Callable[[Any, Any], Tensor]:
    def run(x: Any, y: Any) -> Tensor:
        return op(op_type, x, y)

    run.__name__ = run.__qualname__ = op_type.lower()
    run.__doc__ = f"Run one `{op_type}` op, with NumPy's rules of broadcasting."
    return run


greater = _binary("Greater")
greater_equal = _binary("GreaterEqual")
less = _binary("Less")
less_equal = _binary("LessEqual")
logical_and = _binary("LogicalAnd")
logical_or = _binary("LogicalOr")
maximum = _binary("Maximum")
minimum = _binary("Minimum")
multiply = _binary("Mul")
pow = _binary("Pow")
squared_difference = _binary("SquaredDifference")
subtract = _binary("Sub")


def add(x: Any, y: Any) -> Tensor:
    """Add; `y` takes the dtype of `x` if it can, and the op complains if it cannot.

    Most functions order their inputs to the dtype of the first tensor among them.
    TensorFlow: `add` and `_add_dispatch` in tensorflow/python/ops/math_ops.py.
    """
    x = convert_to_tensor(x)
    return op("AddV2", x, convert_to_tensor(y, dtype_hint=x.dtype))


def divide(x: Any, y: Any) -> Tensor:
    """Divide numbers as floats: `RealDiv` has no kernel for whole ones.

    TensorFlow: `divide` and `truediv` in tensorflow/python/ops/math_ops.py.
    """
    ordered = isinstance(y, Tensor) and not hasattr(
        x, "numpy"
    )  # no tensor, no variable
    x = convert_to_tensor(x, y.dtype if ordered else None)
    y = convert_to_tensor(y, dtype_hint=x.dtype)
    if x.dtype.kind in "iu" and x.dtype == y.dtype:
        dtype = np.dtype("float32" if x.dtype.itemsize < 4 else "float64")
        x, y = cast(x, dtype), cast(y, dtype)
    return op("RealDiv", x, y)


def matmul(
    a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False
) -> Tensor:
    """Multiply matrices, or batches of matrices where there are more than two axes."""
    a, b = convert_to_tensor(a), convert_to_tensor(b)
    if len(a.shape) == len(b.shape) == 2:
        return op("MatMul", a, b, transpose_a=transpose_a, transpose_b=transpose_b)
    return op("BatchMatMulV2", a, b, adj_x=transpose_a, adj_y=transpose_b)


def _reduction(op_type: str) -> Callable[..., Tensor]:
    def run(
        input_tensor: Any,
        axis: int | Sequence[int] | None = None,
        keepdims: bool = False,
    ) -> Tensor:
        x = convert_to_tensor(input_tensor)
        axes = np.arange(len(x.shape)) if axis is None else axis
        return op(op_type, x, np.asarray(axes, np.int32), keep_dims=keepdims)

    run.__name__ = run.__qualname__ = f"reduce_{op_type.lower()}"
    run.__doc__ = f"Run one `{op_type}` op over `axis`, by default over all axes."
    return run


reduce_max = _reduction("Max")
reduce_mean = _reduction("Mean")
reduce_min = _reduction("Min")
reduce_sum = _reduction("Sum")


def cast(x: Any, dtype: Any) -> Tensor:
    """Return `x` with elements of another type."""
    return op("Cast", x, DstT=np.dtype(dtype))


def reshape(tensor: Any, shape: Sequence[int]) -> Tensor:
    """Return the elements of `tensor`, in order, under another shape."""
    return op("Reshape", tensor, np.array(shape, np.int32))


def transpose(a: Any, perm: Sequence[int] | None = None) -> Tensor:
    """Permute the axes; reverse them without `perm`."""
    a = convert_to_tensor(a)
    order = range(len(a.shape))[::-1] if perm is None else perm
    return op("Transpose", a, np.array(order, np.int32))


def concat(values: Sequence[Any], axis: int) -> Tensor:
    """Join tensors along an axis that they have."""
    return op("ConcatV2", *values, np.int32(axis))


def stack(values: Sequence[Any], axis: int = 0) -> Tensor:
    """Join tensors along a new axis."""
    return op("Pack", *values, axis=axis)


def unstack(value: Any, axis: int = 0) -> list[Tensor]:
    """Split a tensor along an axis, which disappears."""
    value = convert_to_tensor(value)
    return op("Unpack", value, num=value.shape[axis], axis=axis)


def gather(params: Any, indices: Any, axis: int = 0) -> Tensor:
    """Pick slices of `params` by their number."""
    return op("GatherV2", params, indices, np.int32(axis))


def where(condition: Any, x: Any, y: Any) -> Tensor:
    """Pick elements of `x` where the condition holds, of `y` elsewhere."""
    return op("SelectV2", condition, x, y)
