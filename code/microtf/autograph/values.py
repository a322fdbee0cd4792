"""Values that stand for what Python has no object for.

TensorFlow: tensorflow/python/autograph/operators/variables.py and py_builtins.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from microtf.symbolic import SymbolicTensor


@dataclass(frozen=True)
class Undefined:
    """In place of the value of a variable that has none yet."""

    name: str


class UndefinedReturnValue(Undefined):
    """In place of what a function returns, before it does."""

    def __init__(self) -> None:
        super().__init__("the return value")


@dataclass(frozen=True)
class StagedRange:
    """A `range` of which a tensor is a part: what a loop in a graph counts through."""

    start: Any
    stop: Any
    step: int

    @classmethod
    def of(cls, *arguments: Any) -> StagedRange:
        """Read the arguments as `range` does."""
        if len(arguments) == 1:
            arguments = (0, *arguments)
        start, stop, step = (*arguments, 1)[:3]
        if is_symbolic(step) or not step:
            raise ValueError(f"expected a step that is a Python number, got {step!r}")
        return cls(start, stop, step)


def is_symbolic(value: Any) -> bool:
    """Whether a value is not known while this program runs."""
    return isinstance(value, SymbolicTensor)


def ld(value: Any) -> Any:
    """Return the value of a variable, which has to have one."""
    if isinstance(value, Undefined):
        raise UnboundLocalError(f"{value.name!r} is used before it is assigned")
    return value


def ret(value: Any) -> Any:
    """Return what a function returns: None if nobody said what."""
    return None if isinstance(value, UndefinedReturnValue) else value
