"""A third looking glass: which functions a line of Python enters.

It needs nothing from TensorFlow: the interpreter itself tells of every call, of Python
functions and of compiled ones (`sys.setprofile`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

#: The three functions of TensorFlow through which an op leaves Python, and their names.
DOORS = {
    "TFE_Py_FastPathExecute": "fast path",
    "TFE_Py_Execute": "fallback",
    "_apply_op_helper": "graph",
}


@dataclass(frozen=True)
class Call:
    """One call: the function's name, whether it is Python, and the caller's number."""

    name: str
    is_python: bool
    caller: int | None


class CallLog(list):
    """The calls that were made inside `tap_calls`, in order: a list of `Call`."""

    @property
    def names(self) -> list[str]:
        """The names of the functions, in the order of the calls."""
        return [call.name for call in self]

    @property
    def python(self) -> int:
        """How many of the calls entered a Python function."""
        return sum(call.is_python for call in self)

    @property
    def routes(self) -> list[str]:
        """The routes of `DOORS` that ops tried, in order."""
        return [DOORS[name] for name in self.names if name in DOORS]

    def edges(self, keep: Sequence[str]) -> list[tuple[str, str]]:
        """Return who called whom among the functions of `keep`, others skipped."""
        found = []
        for call in self:
            caller = call.caller
            while caller is not None and self[caller].name not in keep:
                caller = self[caller].caller
            if call.name in keep and caller is not None:
                found.append((self[caller].name, call.name))
        return list(dict.fromkeys(found))


@contextmanager
def tap_calls() -> Iterator[CallLog]:
    """Log every function that the block enters, in Python or compiled.

    A function compiled from C or C++ is seen when Python calls it, and what it calls
    in turn is not, unless that is Python again.

    >>> with tap_calls() as calls:
    ...     total = sum([1, 2])
    >>> calls.names
    ['sum']
    """
    log, open_calls = CallLog(), {}
    hidden: set[CodeType] = {tap_calls.__wrapped__.__code__, contextmanager.__code__}

    def profile(frame: FrameType, event: str, function: Any) -> None:
        if event == "return":
            open_calls.pop(frame, None)
        if event not in ("call", "c_call") or _belongs_to_the_glass(frame, hidden):
            return
        is_python = event == "call"
        above = frame.f_back if is_python else frame
        while above is not None and above not in open_calls:
            above = above.f_back
        name = frame.f_code.co_name if is_python else function.__name__
        if is_python:
            open_calls[frame] = len(log)
        log.append(Call(name, is_python, open_calls.get(above)))

    sys.setprofile(profile)
    try:
        yield log
    finally:
        sys.setprofile(None)


def _belongs_to_the_glass(frame: FrameType, hidden: set[CodeType]) -> bool:
    """Whether a call is part of leaving the block, and not of the block."""
    name = frame.f_code.co_qualname
    return frame.f_code in hidden or name.startswith(
        "_GeneratorContextManager.__exit__"
    )
