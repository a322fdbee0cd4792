"""Checks of gradients: there, not there, equal to TensorFlow's or to differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from selfcheck.checks.base import fail, name_of, np, show, tf, to_array
from selfcheck.checks.values import values_close


def gradients_of(
    function: Callable[..., Any], inputs: Sequence[Any], wrt: Sequence[Any] | None
) -> tuple[Any, list[Any]]:
    """The value of `function(*inputs)` and its gradients.

    Args:
        function: returns a tensor, or a structure of them whose sums are added.
        inputs: tensors (watched) and anything else.
        wrt: what to differentiate by; default: the inputs of a floating type.
    """
    sources = list(wrt) if wrt is not None else [v for v in inputs if _floating(v)]
    with tf.GradientTape() as tape:
        for source in sources:
            if not hasattr(source, "assign"):
                tape.watch(source)
        value = function(*inputs)
    return value, tape.gradient(value, sources)


def _floating(value: Any) -> bool:
    return (tf.is_tensor(value) or hasattr(value, "assign")) and (
        tf.as_dtype(value.dtype).is_floating
    )


def gradient_exists(
    function: Callable[..., Any], *inputs: Any, wrt: Sequence[Any] | None = None
) -> list[Any]:
    """The gradients; fails when one of them is None or not finite."""
    value, gradients = gradients_of(function, inputs, wrt)
    for index, gradient in enumerate(gradients):
        if gradient is None:
            fail(
                f"`{name_of(function)}`: expected a gradient for input {index}, got "
                "None: on the way from it to the result something is not recorded "
                f"(a detour through NumPy, an integer, a stopped gradient)\nthe result "
                f"is {show(value)} for the input {show(list(inputs))}"
            )
        if not bool(np.all(np.isfinite(to_array(gradient)))):
            fail(
                f"`{name_of(function)}`: expected a finite gradient for input {index}, "
                f"got {show(gradient)}\non the input {show(list(inputs))}"
            )
    return gradients


def gradient_missing(
    function: Callable[..., Any], *inputs: Any, wrt: Sequence[Any] | None = None
) -> None:
    """Fail unless every gradient is None."""
    _, gradients = gradients_of(function, inputs, wrt)
    for index, gradient in enumerate(gradients):
        if gradient is not None:
            fail(
                f"`{name_of(function)}`: expected no gradient (None) for input {index},"
                f" got {show(gradient)}\non the input {show(list(inputs))}"
            )


def gradient_close(
    function: Callable[..., Any],
    *inputs: Any,
    expected: Callable[..., Any] | Sequence[Any] | None = None,
    wrt: Sequence[Any] | None = None,
    rtol: float = 1e-3,
    atol: float = 1e-4,
) -> None:
    """Fail unless the gradients are those expected.

    Args:
        function: differentiated by the tape.
        inputs: its arguments.
        expected: a function of the same inputs whose gradients by the tape are the
            expected ones, or the gradients themselves; by default the gradients are
            compared with central finite differences of `function`.
        wrt: what to differentiate by; default: the inputs of a floating type.
        rtol: relative tolerance.
        atol: absolute tolerance.
    """
    gradients = gradient_exists(function, *inputs, wrt=wrt)
    if expected is None:
        if wrt is not None:
            raise ValueError("finite differences are taken by the inputs: leave `wrt`")
        wanted, source = (
            finite_differences(function, *inputs),
            "finite differences give",
        )
    elif callable(expected):
        _, wanted = gradients_of(expected, inputs, wrt)
        source = "expected"
    else:
        wanted, source = list(expected), "expected"
    for index, (got, want) in enumerate(zip(gradients, wanted, strict=True)):
        what = f"the gradient of `{name_of(function)}` by input {index}"
        if source != "expected":
            what += " (compared with finite differences)"
        values_close(got, want, rtol=rtol, atol=atol, on=list(inputs), what=what)


def finite_differences(
    function: Callable[..., Any], *inputs: Any, step: float = 1e-4
) -> list[Any]:
    """The gradients of the summed result by its floating inputs, as float64 arrays.

    Differences are central and taken in float64, so `function` has to accept float64.
    """
    floating = [index for index, value in enumerate(inputs) if _floating(value)]
    wide = list(inputs)
    for index in floating:
        wide[index] = tf.cast(inputs[index], "float64")

    def total(place: int, array: Any) -> float:
        moved = list(wide)
        moved[place] = tf.constant(array)
        value = function(*moved)
        parts = value if isinstance(value, (list, tuple)) else [value]
        return sum(float(to_array(part).astype("float64").sum()) for part in parts)

    return [
        _differences(total, index, to_array(wide[index]), step) for index in floating
    ]


def _differences(
    total: Callable[[int, Any], float], place: int, at: Any, step: float
) -> Any:
    slopes = np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        slopes[index] = (total(place, up) - total(place, down)) / (2 * step)
    return slopes
