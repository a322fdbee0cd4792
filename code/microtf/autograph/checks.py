"""What control flow in a graph asks of the variables in it, in the user's words.

TensorFlow: `_verify_tf_cond_vars` and its neighbors in
tensorflow/python/autograph/operators/control_flow.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from microtf.autograph.values import Undefined, UndefinedReturnValue
from microtf.tensor import convert_to_tensor


def check_defined(names: Sequence[str], values: Sequence[Any]) -> Sequence[Any]:
    """Return the state before a loop, in which every variable needs a value."""
    for name, value in zip(names, values, strict=True):
        if isinstance(value, UndefinedReturnValue):
            raise NotImplementedError(
                "a return statement cannot be placed inside this loop, whose graph "
                "has one exit; set a variable, break, and return it after the loop"
            )
        if isinstance(value, Undefined):
            raise ValueError(f"{name!r} must be defined before the loop")
    return values


def check_branch(
    names: Sequence[str], values: Sequence[Any], label: str
) -> list[np.dtype | None]:
    """Return the dtypes at the end of a branch, which has to give all a value."""
    for name, value in zip(names, values, strict=False):
        if isinstance(value, UndefinedReturnValue):
            raise ValueError(f"the {label} branch must also have a return statement")
        if isinstance(value, Undefined):
            raise ValueError(f"{name!r} must also be initialized in the {label} branch")
        if value is None:
            raise ValueError(f"{name!r} is None at the end of the {label} branch")
    return [_dtype_of(value) for value in values]


def _dtype_of(value: Any) -> np.dtype | None:
    if isinstance(value, list | tuple | dict):
        return None
    return convert_to_tensor(value).dtype


def check_branches(names: Sequence[str], main: list, other: list) -> None:
    """Compare the dtypes at the ends of two branches."""
    for name, a, b in zip(names, main, other, strict=False):
        if a != b:
            raise TypeError(
                f"{name!r} has dtype {a} in the main branch, but dtype {b} in the "
                "else branch"
            )
