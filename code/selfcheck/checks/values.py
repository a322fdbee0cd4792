"""Checks of what a function returns, and the hidden inputs it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from selfcheck.checks.base import fail, name_of, np, on_input, show, tf, to_array
from selfcheck.traced import in_short


def random_input(
    shape: Sequence[int], dtype: str = "float32", low: float = -1.0, high: float = 1.0
) -> Any:
    """A tensor of random numbers, other ones in every grading.

    Args:
        shape: of the tensor; [] makes a scalar.
        dtype: a floating, an integer, or the boolean type by TensorFlow's name.
        low: smallest value.
        high: bound of the values; for integers it is not reached.
    """
    if dtype == "bool":
        return tf.constant(np.rng.integers(0, 2, size=shape), "int32") > 0
    if dtype.startswith(("int", "uint")):
        return tf.constant(np.rng.integers(int(low), int(high), size=shape), dtype)
    return tf.constant(np.rng.uniform(low, high, size=shape), dtype)


def random_variable(
    shape: Sequence[int], dtype: str = "float32", low: float = -1.0, high: float = 1.0
) -> Any:
    """A variable with a random value, other ones in every grading."""
    return tf.Variable(random_input(shape, dtype, low, high))


def values_close(
    got: Any,
    expected: Any,
    *,
    rtol: float = 1e-4,
    atol: float = 1e-6,
    on: Any = None,
    what: str = "the result",
) -> None:
    """Fail unless `got` has the shape and, up to a tolerance, the values expected.

    Args:
        got: a tensor, an array, a number, or a list, tuple, or dict of them.
        expected: the same structure.
        rtol: tolerance relative to the expected value.
        atol: absolute tolerance.
        on: the input to show: a value, or a dict from names to values.
        what: what is compared, for the message.
    """
    if isinstance(expected, dict):
        _same_kind(got, dict, sorted(map(str, expected)), what, on)
        for key in expected:
            part = f"{what}[{key!r}]"
            values_close(
                got[key], expected[key], rtol=rtol, atol=atol, on=on, what=part
            )
        return
    if isinstance(expected, (list, tuple)) and any(_is_part(v) for v in expected):
        _same_kind(got, (list, tuple), len(expected), what, on)
        for index, pair in enumerate(zip(got, expected, strict=True)):
            part = f"{what}[{index}]"
            values_close(*pair, rtol=rtol, atol=atol, on=on, what=part)
        return
    _arrays_close(got, expected, rtol, atol, on, what)


def _is_part(value: Any) -> bool:
    """Whether a list that holds `value` is a structure rather than an array."""
    return value is None or isinstance(value, (dict, tuple)) or hasattr(value, "shape")


def _same_kind(got: Any, kind: Any, size: Any, what: str, on: Any) -> None:
    name = "dict" if kind is dict else "list or tuple"
    if not isinstance(got, kind):
        fail(
            f"{what}: expected a {name} ({size}), got {show(got)} of type "
            f"{type(got).__name__}{on_input(on)}"
        )
    found = sorted(map(str, got)) if kind is dict else len(got)
    if found != size:
        fail(f"{what}: expected a {name} with {size}, got {found}{on_input(on)}")


def _arrays_close(
    got: Any, expected: Any, rtol: float, atol: float, on: Any, what: str
) -> None:
    if expected is None:
        if got is not None:
            fail(f"{what}: expected None, got {show(got)}{on_input(on)}")
        return
    wanted, found = to_array(expected), to_array(got)
    if found is None:
        fail(
            f"{what}: expected {show(expected)}, got {show(got)} "
            f"of type {type(got).__name__}{on_input(on)}"
        )
    if found.shape != wanted.shape:
        fail(
            f"{what}: expected the shape {list(wanted.shape)}, got "
            f"{list(found.shape)}: {show(got)}{on_input(on)}"
        )
    place = _first_difference(found, wanted, rtol, atol)
    if place is not None:
        spot = f" (first difference at index {list(place)})" if wanted.ndim else ""
        fail(f"{what}: expected {show(wanted)}, got {show(found)}{spot}{on_input(on)}")


def _first_difference(
    found: Any, wanted: Any, rtol: float, atol: float
) -> tuple[int, ...] | None:
    """The index of the first pair that is not close; None when all are."""
    if wanted.dtype.kind in "bui" and found.dtype.kind in "bui":
        close = found == wanted
    else:
        kind = (
            "complex128" if "c" in wanted.dtype.kind + found.dtype.kind else "float64"
        )
        left, right = found.astype(kind), wanted.astype(kind)
        close = np.abs(left - right) <= atol + rtol * np.abs(right)
        close = close | (left == right) | (np.isnan(left) & np.isnan(right))
    for index, same in np.ndenumerate(close):
        if not same:
            return tuple(int(part) for part in index)
    return None


def equal(got: Any, expected: Any, *, on: Any = None, what: str = "the result") -> None:
    """Fail unless two plain Python values are equal and of one type."""
    if type(got) is not type(expected) or got != expected:
        fail(
            f"{what}: expected {show(expected)}, got {show(got)} "
            f"of type {type(got).__name__}{on_input(on)}"
        )


def is_a(got: Any, kind: type, *, what: str = "the result") -> None:
    """Fail unless `got` is an instance of `kind`."""
    if not isinstance(got, kind):
        fail(f"{what}: expected a {kind.__name__}, got a {type(got).__name__}")


def shape_dtype(
    got: Any,
    shape: Sequence[int | None],
    dtype: Any = None,
    *,
    on: Any = None,
    what: str = "the result",
) -> None:
    """Fail unless `got` is a tensor or variable of this shape and type.

    Args:
        got: what the submission returned.
        shape: expected sizes; None stands for any size.
        dtype: TensorFlow's type or its name; None stands for any type.
        on: the input to show.
        what: what is looked at, for the message.
    """
    if not (tf.is_tensor(got) or hasattr(got, "assign")):
        fail(
            f"{what}: expected a tensor of shape {list(shape)}, got {show(got)} "
            f"of type {type(got).__name__}{on_input(on)}"
        )
    sizes = list(got.shape)
    fits = len(sizes) == len(shape) and all(
        want is None or want == size for want, size in zip(shape, sizes, strict=True)
    )
    if not fits:
        fail(f"{what}: expected the shape {list(shape)}, got {sizes}{on_input(on)}")
    if dtype is not None and tf.as_dtype(got.dtype) != tf.as_dtype(dtype):
        fail(
            f"{what}: expected the type {tf.as_dtype(dtype).name}, got "
            f"{tf.as_dtype(got.dtype).name}{on_input(on)}"
        )


def raises(
    kind: type[BaseException], function: Callable[..., Any], *inputs: Any
) -> BaseException:
    """The error that the call raises; fails unless it is of this kind."""
    name = name_of(function)
    try:
        got = function(*inputs)
    except kind as error:
        return error
    except Exception as error:
        fail(
            f"`{name}`: expected {kind.__name__}, got {in_short(error)}"
            f"{on_input(list(inputs))}"
        )
    fail(
        f"`{name}`: expected {kind.__name__}, but it returned {show(got)}"
        f"{on_input(list(inputs))}"
    )
    raise AssertionError("not reached")
