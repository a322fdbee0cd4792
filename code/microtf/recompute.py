"""Functions that keep their arguments for the backward pass, and compute again.

TensorFlow: `recompute_grad` in tensorflow/python/ops/custom_gradient.py.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from microtf.backprop import GradientTape
from microtf.custom_gradient import custom_gradient
from microtf.math_ops import identity
from microtf.record import stop_recording
from microtf.tensor import Tensor


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function whose backward pass runs the function a second time.

    A tape keeps the arguments, and nothing of what happens inside. Variables have to be
    arguments, too. `f` must return the same both times: it may read no state that
    changes, and draw no random numbers.

    >>> from microtf import Variable, sin
    >>> x = Variable(0.5)
    >>> with GradientTape() as tape:
    ...     y = recompute_grad(lambda v: sin(sin(v)))(x)
    >>> len(tape.records)  # the read, the result's copy is forged, and no sine
    2
    """

    @functools.wraps(f)
    def inner(*args: Tensor) -> tuple[Any, Callable[..., Any]]:
        with stop_recording():
            result = f(*args)

        def backward(*upstream: Tensor) -> list[Tensor]:
            with GradientTape() as tape:
                # Under new ids, so that the walk through `f` ends at its arguments.
                copies = [identity(argument) for argument in args]
                tape.watch(copies)
                again = f(*copies)
            return tape.gradient(again, copies, upstream, unconnected_gradients="zero")

        return result, backward

    return custom_gradient(inner)
