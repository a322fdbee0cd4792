"""Keras's own variable: a name and a path around a variable of the engine.

Keras: `Variable` in keras/src/backend/common/variables.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.keras.stateless_scope import get_stateless_scope
from microtf.op import graph_mode
from microtf.override_operators import overload_operators
from microtf.tensor import (
    Tensor,
    convert_to_tensor,
    register_tensor_conversion_function,
)
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
            initializer = initializer(tuple(shape), dtype or "float32")
        elif dtype is not None:
            initializer = np.asarray(initializer, dtype)
        with graph_mode(None):  # whoever traces at the moment: a variable is outside
            self._value = EngineVariable(initializer, trainable)
        self.name = self.path = name or "variable"
        self._trainable = trainable

    @property
    def value(self) -> Any:
        """The engine's variable, or what a scope says that it holds."""
        scope = get_stateless_scope()
        seeming = scope.get_current_value(self) if scope else None
        return self._value if seeming is None else seeming

    @property
    def trainable(self) -> bool:
        """Whether a tape watches it when it is read."""
        return self._trainable

    @trainable.setter
    def trainable(self, trainable: bool) -> None:
        self._trainable = trainable  # the engine's flag stays, as Keras leaves it

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        return self._value.shape

    @property
    def dtype(self) -> np.dtype:
        """The data type of the value."""
        return self._value.dtype

    def assign(self, value: Any) -> Variable:
        """Replace the value."""
        value = convert_to_tensor(value, self.dtype)
        scope = get_stateless_scope()
        if scope is None:
            self._value.assign(value)
        else:
            scope.add_update(self, value)
        return self

    def assign_add(self, delta: Any) -> Variable:
        """Add to the value."""
        if get_stateless_scope() is None:
            self._value.assign_add(delta)
            return self
        return self.assign(convert_to_tensor(self) + delta)

    def assign_sub(self, delta: Any) -> Variable:
        """Subtract from the value."""
        if get_stateless_scope() is None:
            self._value.assign_sub(delta)
            return self
        return self.assign(convert_to_tensor(self) - delta)

    def numpy(self) -> np.ndarray:
        """Return a copy of the value."""
        return np.array(self.value.numpy())

    def __repr__(self) -> str:
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}>"


def _to_tensor(variable: Variable, dtype: Any = None, **_: Any) -> Tensor:
    return convert_to_tensor(variable.value)


register_tensor_conversion_function(Variable, _to_tensor)
overload_operators(Variable)
