"""Derivatives by finite differences, to hold a gradient function against.

TensorFlow: `tf.test.compute_gradient` and `max_error` in
tensorflow/python/ops/gradient_checker_v2.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.backprop import GradientTape
from microtf.tensor import Tensor, constant, convert_to_tensor

# TensorFlow's; a power of two, so that x + delta - x is delta for most x of usual size.
DELTA = 1 / 1024


def compute_gradient(
    f: Callable[..., Tensor], x: Sequence[Any], delta: float = DELTA
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the Jacobians of `f` at the arguments `x`, by tape and by differences.

    Each list holds one matrix per argument, of shape (size of the result, size of the
    argument).
    """
    arguments = [convert_to_tensor(value) for value in x]
    numbers = range(len(arguments))
    return (
        _theoretical_jacobians(f, arguments),
        [_numerical_jacobian(f, arguments, i, delta) for i in numbers],
    )


def check_gradient(
    f: Callable[..., Tensor], x: Sequence[Any], delta: float = DELTA
) -> float:
    """Return the largest difference between the two Jacobians of `compute_gradient`.

    >>> check_gradient(lambda x: x * x, [np.float64([1, -2])]) < 1e-9
    True
    """
    pairs = zip(*compute_gradient(f, x, delta), strict=True)
    return max(float(np.abs(exact - close).max(initial=0)) for exact, close in pairs)


def _theoretical_jacobians(
    f: Callable[..., Tensor], arguments: list[Tensor]
) -> list[np.ndarray]:
    """Build Jacobians row by row: one backward pass per element of the result."""
    with GradientTape(persistent=True) as tape:
        tape.watch(arguments)
        y = f(*arguments)
    rows = []
    for seed in np.eye(np.size(y), dtype=y.dtype):
        seeds = constant(seed.reshape(y.shape))
        rows.append(tape.gradient(y, arguments, seeds, unconnected_gradients="zero"))
    columns = zip(*rows, strict=True)
    return [np.stack([np.ravel(row) for row in column]) for column in columns]


def _numerical_jacobian(
    f: Callable[..., Tensor], arguments: list[Tensor], number: int, delta: float
) -> np.ndarray:
    """Build a Jacobian column by column: two forward passes for each."""
    x = arguments[number]
    columns = []
    for i in range(np.size(x)):
        moved = []
        for step in (delta, -delta):
            value = np.array(x)  # a copy, to write into
            value.flat[i] += step
            replaced = [*arguments[:number], constant(value), *arguments[number + 1 :]]
            moved.append(f(*replaced).numpy())
        columns.append(np.ravel(moved[0] - moved[1]) / (2 * delta))
    return np.stack(columns, axis=1)
