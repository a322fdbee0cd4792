"""Keras's own variable: a name and a path around a variable of the engine.

Keras: `Variable` in keras/src/backend/common/variables.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.override_operators import overload_operators
from microtf.tensor import Tensor, register_tensor_conversion_function
from microtf.variable import Variable as EngineVariable


class Variable:
    """A variable that layers and optimizers keep; `value` is the engine's.

    >>> v = Variable([1.0, 2.0], name="bias")
    >>> v.assign([3.0, 4.0]).numpy(), v.shape
    (array([3., 4.], dtype=float32), (2,))
    """

    def __init__(
        self,
        initializer: Any | Callable[..., Any],
        shape: Sequence[int] | None = None,
        dtype: Any = None,
        trainable: bool = True,
        name: str | None = None,
    ):
        if callable(initializer):
            initializer = initializer(shape, dtype or "float32")
        elif dtype is not None:
            initializer = np.asarray(initializer, dtype)
        self.value = EngineVariable(initializer, trainable)
        self.name = self.path = name or "variable"
        self.trainable = trainable

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return self.value.shape

    @property
    def dtype(self) -> np.dtype:
        """The data type of the value."""
        return self.value.dtype

    def assign(self, value: Any) -> Variable:
        """Replace the value."""
        self.value.assign(value)
        return self

    def assign_add(self, delta: Any) -> Variable:
        """Add to the value."""
        self.value.assign_add(delta)
        return self

    def assign_sub(self, delta: Any) -> Variable:
        """Subtract from the value."""
        self.value.assign_sub(delta)
        return self

    def numpy(self) -> np.ndarray:
        """Return a copy of the value."""
        return self.value.numpy()

    def __repr__(self) -> str:
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}>"


def _to_tensor(variable: Variable, dtype: Any = None, **_: Any) -> Tensor:
    return variable.value.read_value()


register_tensor_conversion_function(Variable, _to_tensor)
overload_operators(Variable)
