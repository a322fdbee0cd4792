"""Randomness as state: a variable that says which numbers come next.

Keras: `SeedGenerator` in keras/src/random/seed_generator.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microtf import shapes
from microtf.keras.variable import Variable
from microtf.op import op
from microtf.op_def import register_op
from microtf.op_kernel import register_kernel
from microtf.registry import no_gradient
from microtf.tensor import Tensor, convert_to_tensor


class SeedGenerator:
    """A seed and a counter in one variable, which a graph can advance, too."""

    def __init__(self, seed: int = 0):
        first = np.array([seed, 0], np.int64)
        self.state = Variable(first, trainable=False, name="seed_generator_state")

    def next(self) -> Tensor:
        """Return the state, and advance it."""
        state = convert_to_tensor(self.state)
        self.state.assign(state + np.array([0, 1], np.int64))
        return state


def random_mask(like: Any, state: Any, keep: float) -> Tensor:
    """Return ones and zeros in the shape of `like`, a one with probability `keep`.

    Equal states give equal masks. TensorFlow: `tf.random.stateless_uniform`, compared.
    """
    return op("_StatelessRandomMask", like, state, keep=keep)


register_op(
    "_StatelessRandomMask", "like: T, state: Tstate -> mask: T", shapes.unchanged
)
no_gradient("_StatelessRandomMask")


@register_kernel("_StatelessRandomMask")
def _random_mask(like: np.ndarray, state: np.ndarray, *, keep: float) -> np.ndarray:
    random = np.random.default_rng([int(number) for number in state])
    return (random.uniform(size=like.shape) < keep).astype(like.dtype)
