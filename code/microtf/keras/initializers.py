"""First values of weights.

Keras: keras/src/initializers/random_initializers.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Initializer = Callable[[Sequence[int], Any], np.ndarray]


def zeros(shape: Sequence[int], dtype: Any = "float32") -> np.ndarray:
    """Return zeros."""
    return np.zeros(shape, dtype)


def ones(shape: Sequence[int], dtype: Any = "float32") -> np.ndarray:
    """Return ones."""
    return np.ones(shape, dtype)


class GlorotUniform:
    """Numbers from an interval that the two widths of a matrix decide.

    Each instance draws on: two calls give two arrays.
    """

    def __init__(self, seed: int = 0):
        self._random = np.random.default_rng(seed)

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> np.ndarray:
        """Return an array for a kernel of shape (inputs, outputs), or of any shape."""
        fans = (1, 1, *shape[-1:], *shape)[-2:]  # a vector of n has n and n
        limit = np.sqrt(6.0 / sum(fans))
        return self._random.uniform(-limit, limit, shape).astype(dtype)


_BY_NAME = {"zeros": zeros, "ones": ones, "glorot_uniform": GlorotUniform()}


def get(initializer: str | Initializer) -> Initializer:
    """Return the initializer of a name, or what is one already."""
    if callable(initializer):
        return initializer
    if initializer not in _BY_NAME:
        raise ValueError(f"expected one of {sorted(_BY_NAME)}, got {initializer!r}")
    return _BY_NAME[initializer]
