"""Scopes in which variables have other values, and keep theirs.

Keras: keras/src/backend/common/stateless_scope.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_scopes: list[StatelessScope] = []


def get_stateless_scope() -> StatelessScope | None:
    """Return the innermost scope that is open, or None."""
    return _scopes[-1] if _scopes else None


class StatelessScope:
    """Reads and writes of variables go to the scope; the variables stay as they are.

    `state_mapping` are pairs of a variable and the tensor that it shall seem to hold.
    """

    def __init__(self, state_mapping: Iterable[tuple[Any, Any]] = ()):
        self.values = {id(variable): value for variable, value in state_mapping}

    def get_current_value(self, variable: Any) -> Any:
        """Return the value within the scope, or None if it is the variable's own."""
        return self.values.get(id(variable))

    def add_update(self, variable: Any, value: Any) -> None:
        """Take note of a write."""
        self.values[id(variable)] = value

    def __enter__(self) -> StatelessScope:
        _scopes.append(self)
        return self

    def __exit__(self, *_: Any) -> None:
        _scopes.pop()
