"""Jacobians: a backward pass for each row, or one whose ops carry all rows at once.

TensorFlow: `GradientTape.jacobian` in tensorflow/python/eager/backprop.py, and
`for_loop` in tensorflow/python/ops/parallel_for/control_flow_ops.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.op import op
from microtf.pfor import pfor
from microtf.tape import Gradient
from microtf.tensor import Tensor, constant

Row = Callable[[Tensor], Sequence[Gradient]]


def for_loop(body: Row, elements: Tensor) -> list[Gradient]:
    """Call `body` on each of the stacked `elements`, and stack what it returns."""
    rows = [body(element) for element in op("Unpack", elements, num=elements.shape[0])]
    columns = zip(*rows, strict=True)
    return [None if c[0] is None else op("Pack", *c) for c in columns]


def compute_jacobian(
    row: Row, target: Tensor, sources: Sequence[Any], use_pfor: bool = True
) -> list[Gradient]:
    """Return the Jacobian of `target` with respect to each of the sources.

    `row(seed)` computes the gradients of the sources for one seed of the target's
    shape. A Jacobian has the target's shape, followed by the source's.
    """
    stack = (pfor if use_pfor else for_loop)(row, unit_seeds(target))
    return [
        None if rows is None else _unflatten(rows, target.shape + tuple(source.shape))
        for rows, source in zip(stack, sources, strict=True)
    ]


def unit_seeds(target: Tensor) -> Tensor:
    """Return a seed for each element of `target`: one there, and zero elsewhere.

    >>> unit_seeds(constant([5.0, 6.0])).numpy()
    array([[1., 0.],
           [0., 1.]], dtype=float32)
    """
    size = int(np.prod(target.shape))
    return constant(np.eye(size, dtype=target.dtype).reshape(size, *target.shape))


def _unflatten(rows: Tensor, shape: tuple[int, ...]) -> Tensor:
    return op("Reshape", rows, np.array(shape, np.int32))
