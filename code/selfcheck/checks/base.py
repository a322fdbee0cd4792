"""What every check is made of: the decorator, the failure, and bound libraries."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., None])


class Library(SimpleNamespace):
    """The functions of a library that the checks use, once `bind` has filled it in."""

    def __init__(self, library: str) -> None:
        super().__init__(library=library)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"the checks use {self.library}.{name}; "
            f"expected {self.library!r} in `preload` of selfcheck.toml"
        )


# Filled by `bind` before a submission runs; the names it holds cannot be replaced
# from outside by assigning to attributes of TensorFlow or NumPy.
tf = Library("tensorflow")
np = Library("numpy")
# Random numbers of Python's own, for checks that need no library.
hidden = Random()

_TF_NAMES = (
    "GradientTape",
    "TensorSpec",
    "Variable",
    "as_dtype",
    "cast",
    "constant",
    "convert_to_tensor",
    "function",
    "identity",
    "is_tensor",
    "reduce_sum",
)
_NP_NAMES = (
    "abs",
    "all",
    "argmax",
    "array2string",
    "asarray",
    "broadcast_to",
    "isfinite",
    "isnan",
    "maximum",
    "ndarray",
    "ndenumerate",
    "ndindex",
    "result_type",
    "unravel_index",
    "where",
    "zeros",
    "zeros_like",
)


class CheckFailed(AssertionError):  # noqa: N818 (reads as what it says)
    """A check does not hold; the message says what was expected and what came."""


@dataclass(frozen=True)
class Mark:
    """What `@check` leaves on a function."""

    name: str
    section: str | None


def check(name: str, *, section: str | None = None) -> Callable[[_F], _F]:
    """Make a function of `checks.py` a check.

    Args:
        name: what is checked, as the reader sees it; unique in the item.
        section: label of the section to read when the check fails.
    """

    def mark(function: _F) -> _F:
        function.__selfcheck__ = Mark(name, section)  # type: ignore[attr-defined]
        return function

    return mark


def bind(seed: int) -> None:
    """Take hold of the libraries that are loaded, and seed the hidden inputs.

    Checks of plain Python need no library; they draw from `hidden`.
    """
    hidden.seed(seed)
    for library, names in ((np, _NP_NAMES), (tf, _TF_NAMES)):
        module = sys.modules.get(library.library)
        for name in names if module else ():
            setattr(library, name, getattr(module, name))
    if "numpy" in sys.modules:
        np.rng = sys.modules["numpy"].random.default_rng(seed)


def fail(message: str) -> None:
    """Fail the check that is running."""
    raise CheckFailed(message)


def show(value: Any) -> str:
    """A value as a message shows it: short, without TensorFlow's decoration."""
    if value is None or isinstance(value, (str, bool, int)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        inner = ", ".join(show(part) for part in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    if isinstance(value, dict):
        inner = ", ".join(f"{key}: {show(part)}" for key, part in value.items())
        return "{" + inner + "}"
    array = to_array(value)
    if array is None:
        return shorten(repr(value))
    text = np.array2string(
        array, precision=5, threshold=24, edgeitems=2, separator=", "
    )
    return shorten(" ".join(text.split()))


def shorten(text: str, longest: int = 400) -> str:
    """`text` cut after `longest` characters."""
    return text if len(text) <= longest else text[: longest - 2] + " …"


def to_array(value: Any) -> Any:
    """`value` as a NumPy array; None when it is not made of numbers."""
    if "asarray" not in vars(np):
        return None
    if isinstance(value, np.ndarray):
        return value
    try:
        if is_sparse_gradient(value):
            value = tf.convert_to_tensor(value)
        array = np.asarray(value)
    except Exception:
        return None
    return (
        array if array.dtype.kind in "biufc" or array.dtype.name == "bfloat16" else None
    )


def is_sparse_gradient(value: Any) -> bool:
    """Whether `value` is TensorFlow's IndexedSlices, by its attributes."""
    return hasattr(value, "indices") and hasattr(value, "dense_shape")


def on_input(on: Any) -> str:
    """The part of a message that tells the input; empty when there is none."""
    if on is None:
        return ""
    if isinstance(on, dict):
        parts = [f"{name} = {show(value)}" for name, value in on.items()]
        return "\non the input " + ", ".join(parts)
    return f"\non the input {show(on)}"


def name_of(function: Any) -> str:
    """The name of a function, for messages."""
    return getattr(function, "__name__", None) or type(function).__name__
