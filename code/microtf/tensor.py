"""Tensors: arrays with an identity.

TensorFlow: `_EagerTensorBase` in tensorflow/python/framework/ops.py,
`constant` in tensorflow/python/framework/constant_op.py, the conversion registry
in tensorflow/python/framework/tensor_conversion_registry.py.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

_ids = itertools.count()
_conversions: list[tuple[int, type, Callable[..., Tensor]]] = []

# A Python number has no width of its own: TensorFlow reads it as 32 bits.
_PYTHON_DTYPES = {
    np.dtype(np.float64): np.dtype(np.float32),
    np.dtype(np.int64): np.dtype(np.int32),
}


def new_id() -> int:
    """Return a number that no tensor has yet. TensorFlow: `ops.uid`."""
    return next(_ids)


class Tensor:
    """A NumPy array and a number that no other tensor will ever carry.

    Everything that has to remember a tensor without keeping it alive remembers
    its `id`. TensorFlow: `EagerTensor._id`. The class knows no mathematics:
    `microtf.override_operators` gives it its operators, as TensorFlow's does.

    >>> x = Tensor(np.float32([1, 2]))
    >>> x.shape, x.dtype, Tensor(x.numpy()).id == x.id
    ((2,), dtype('float32'), False)
    """

    __slots__ = ("__weakref__", "_value", "id")
    __array_priority__ = 100  # `array * tensor` is the tensor's business

    def __init__(self, value: np.ndarray):
        self._value = np.asarray(value)
        self.id = new_id()

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._value.shape

    @property
    def dtype(self) -> np.dtype:
        """The type of one element."""
        return self._value.dtype

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> Tensor:
        if dtype is not None and self.dtype != dtype:
            raise ValueError(
                f"expected a tensor of dtype {np.dtype(dtype)}, got {self.dtype}; "
                "microtf.cast changes a dtype"
            )
        return self

    def numpy(self) -> np.ndarray:
        """Return the value; what is done to it from here on no tape can see."""
        return self._value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self._value, dtype) if copy else np.asarray(self._value, dtype)

    def __bool__(self) -> bool:
        # Without it every tensor would be true, and `while y < 30.0` would never end.
        return bool(self._value)

    def __float__(self) -> float:
        return float(self._value)

    def __int__(self) -> int:
        return int(self._value)

    def __iter__(self):
        raise TypeError(
            "expected an op that splits a tensor, got Python iteration over one; "
            "use microtf.unstack"
        )

    def __repr__(self) -> str:
        return f"<Tensor: shape={self.shape}, dtype={self.dtype}, numpy={self._value}>"


_make_constant: Callable[[np.ndarray], Tensor] = Tensor


def constant(value: Any, dtype: Any = None) -> Tensor:
    """Make a new tensor from a Python number, nested lists, or an array.

    With a dtype, NumPy's numbers are cast to it whatever that costs; Python's are
    refused where they have no place in it. Raises TypeError for that, and ValueError
    for what is no number at all.

    >>> constant([1, 2]).dtype, constant(0.5).dtype, constant(np.zeros(2)).dtype
    (dtype('int32'), dtype('float32'), dtype('float64'))
    """
    array, dtype = np.array(value), None if dtype is None else np.dtype(dtype)
    if not isinstance(value, np.ndarray | np.generic | Tensor):
        _check_python_value(value, array, dtype)
        if dtype is None and not _exceeds_int32(array):
            dtype = _PYTHON_DTYPES.get(array.dtype)
    array = array if dtype is None else array.astype(dtype)
    return _make_constant(array)


def make_constants_by(function: Callable[[np.ndarray], Tensor]) -> None:
    """Have `constant` call `function`: a graph being built keeps its constants."""
    global _make_constant
    _make_constant = function


def _check_python_value(value: Any, array: np.ndarray, dtype: np.dtype | None) -> None:
    if array.dtype == object:
        raise ValueError(
            f"expected numbers, got {value!r} of type {type(value).__name__}; "
            "microtf.register_tensor_conversion_function teaches a type"
        )
    if dtype is not None:
        order = "buifc"  # each kind has a place among those to its right
        found, wanted = array.dtype.kind, dtype.kind.replace("u", "i")
        if found not in order or order.find(found) > order.find(wanted):
            raise TypeError(f"cannot convert {value!r} to a tensor of dtype {dtype}")


def _exceeds_int32(array: np.ndarray) -> bool:
    return array.dtype.kind == "i" and bool(np.any(array != array.astype(np.int32)))


def register_tensor_conversion_function(
    base_type: type, conversion_func: Callable[..., Tensor], priority: int = 100
) -> None:
    """Teach `convert_to_tensor` a type of its own.

    `conversion_func(value, dtype, name, as_ref)` returns a tensor, or NotImplemented to
    leave it to the next. TensorFlow: `tf.register_tensor_conversion_function`.
    """
    _conversions.append((priority, base_type, conversion_func))
    _conversions.sort(key=lambda entry: entry[0])  # equal ones stay in order


def convert_to_tensor(value: Any, dtype: Any = None, dtype_hint: Any = None) -> Tensor:
    """Return `value` as a tensor; a tensor comes back as itself.

    `dtype` is an order, and `dtype_hint` a wish, which is tried first. Raises
    TypeError or ValueError where there is no conversion, or none to `dtype`.
    TensorFlow: `tensor_conversion_registry.convert`.

    >>> convert_to_tensor(2, dtype_hint="float32").dtype
    dtype('float32')
    """
    if hasattr(value, "__tf_tensor__"):  # tensors have it, too
        return value.__tf_tensor__(dtype, None)
    for _, base_type, conversion_func in _conversions:
        if isinstance(value, base_type):
            tensor = _grant(conversion_func, value, dtype, dtype_hint)
            if tensor is not NotImplemented:
                return tensor
    raise TypeError(f"expected a value with a conversion to a tensor, got {value!r}")


def _grant(
    conversion_func: Callable[..., Tensor], value: Any, dtype: Any, dtype_hint: Any
) -> Any:
    if dtype is None and dtype_hint is not None:
        with contextlib.suppress(TypeError, ValueError):
            return conversion_func(value, dtype=dtype_hint, name=None, as_ref=False)
    return conversion_func(value, dtype=dtype, name=None, as_ref=False)


register_tensor_conversion_function(
    object, lambda value, dtype, **_: constant(value, dtype), priority=200
)
