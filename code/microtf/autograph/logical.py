"""Logic in converted code: Python's for Python's values, ops for symbolic tensors.

TensorFlow: tensorflow/python/autograph/operators/logical.py and
conditional_expressions.py beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from microtf.autograph.values import is_symbolic
from microtf.control_flow import cond
from microtf.math_ops import logical_not


def and_(left: Callable[[], Any], right: Callable[[], Any]) -> Any:
    """Return `left() and right()`; the right side still waits for the left one."""
    value = left()
    if is_symbolic(value):
        return cond(value, right, lambda: value)
    return value and right()


def or_(left: Callable[[], Any], right: Callable[[], Any]) -> Any:
    """Return `left() or right()`; the right side still waits for the left one."""
    value = left()
    if is_symbolic(value):
        return cond(value, lambda: value, right)
    return value or right()


def not_(value: Any) -> Any:
    """Return `not value`."""
    return logical_not(value) if is_symbolic(value) else not value


def if_exp(test: Any, body: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
    """Return `body() if test else orelse()`."""
    if is_symbolic(test):
        return cond(test, body, orelse)
    return body() if test else orelse()
