"""Keras's symbolic tensor: a shape, a dtype, and where it came from.

It belongs to no graph and to no backend. Its operators are hung in from outside, by
`microtf.keras.ops`. Keras: keras/src/backend/common/keras_tensor.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from microtf import nest
from microtf.keras.naming import auto_name


class KerasTensor:
    """What a layer is called on while a model is built.

    `shape` holds None for a length that is known when data comes. `_keras_history` is
    set by the `Node` of the call that made the tensor.

    >>> KerasTensor((None, 3), name="x")
    <KerasTensor shape=(None, 3), dtype=float32, name=x>
    """

    def __init__(
        self,
        shape: Sequence[int | None],
        dtype: Any = "float32",
        name: str | None = None,
    ):
        if shape is None:
            raise ValueError(
                "expected a shape with a known number of axes, got None; a length may "
                "be None, as in (None, 3)"
            )
        self.shape = tuple(n if n is None else int(n) for n in shape)
        self.dtype = np.dtype(dtype)
        self.name = name or auto_name(type(self).__name__)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> NoReturn:
        raise ValueError(
            "A KerasTensor cannot be used as input to a microtf function: it has a "
            "shape and a dtype, and no value. Use a Keras layer or an operation of "
            "microtf.keras.ops, or call the function in a layer of your own"
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        self._has_no_value("a NumPy array")

    def __int__(self) -> NoReturn:
        self._has_no_value("an int")

    def __float__(self) -> NoReturn:
        self._has_no_value("a float")

    def _has_no_value(self, wish: str) -> NoReturn:
        raise ValueError(f"{self!r} is symbolic: it has no value to convert to {wish}")

    def __bool__(self) -> NoReturn:
        raise TypeError("A symbolic KerasTensor cannot be used as a boolean.")

    def __iter__(self) -> NoReturn:
        raise NotImplementedError("Iterating over a symbolic KerasTensor: no value yet")

    def __repr__(self) -> str:
        spec = f"shape={self.shape}, dtype={self.dtype}"
        return f"<KerasTensor {spec}, name={self.name}>"


def symbolic_tensors(args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """Return the KerasTensors among the arguments of a call, at any depth."""
    leaves = nest.flatten([list(args), dict(kwargs)])
    return [leaf for leaf in leaves if isinstance(leaf, KerasTensor)]


def any_symbolic_tensors(
    args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
) -> bool:
    """Whether a call has a KerasTensor among its arguments, at any depth.

    >>> any_symbolic_tensors([1.0, {"x": [KerasTensor((2,))]}])
    True
    """
    return bool(symbolic_tensors(args, kwargs or {}))
