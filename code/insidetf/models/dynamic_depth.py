"""A model whose depth is a matter of its input: a loop in `call`.

AutoGraph does not convert what Keras calls, so the loop is written with `while_loop`.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

_register = keras.saving.register_keras_serializable(package="insidetf")


@_register
class DynamicDepth(keras.Model):
    """Apply one block again and again, until its output hardly moves.

    No graph of Keras's calls can say that: how often the block runs is known when the
    batch is. `steps` counts the rounds of the last batch.

    Args:
        units: the length of the state.
        tolerance: the mean change of a state below which it counts as settled.
        most: rounds at most.

    (B, n) to (B, units).
    """

    def __init__(
        self, units: int, tolerance: float = 1e-3, most: int = 50, **options: Any
    ):
        super().__init__(**options)
        self.units, self.tolerance, self.most = units, tolerance, most
        self.encode = keras.layers.Dense(units)
        shrink = keras.constraints.MaxNorm(0.9, axis=[0, 1])  # so that rounds settle
        self.block = keras.layers.Dense(units, "tanh", kernel_constraint=shrink)
        self.steps = self.add_weight(
            shape=(), initializer="zeros", dtype="int32", trainable=False, name="steps"
        )

    def build(self, input_shape: Any) -> None:
        """Make the weights; the block's kernel starts small enough to settle."""
        self.encode.build(input_shape)
        self.block.build((None, self.units))
        self.block.kernel.assign(0.5 * self.block.kernel)

    def call(self, x: Any) -> Any:
        """Return the settled state."""
        given = self.encode(x)

        def going(step: Any, moved: Any, _: Any) -> Any:
            return ops.logical_and(step < self.most, moved > self.tolerance)

        def again(step: Any, _: Any, state: Any) -> tuple[Any, Any, Any]:
            following = self.block(given + state)
            return step + 1, ops.mean(ops.abs(following - state)), following

        start = ops.cast(0, "int32"), ops.cast(np.inf, given.dtype)
        step, _, state = ops.while_loop(going, again, (*start, ops.zeros_like(given)))
        self.steps.assign(step)
        return state

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        own = {"units": self.units, "tolerance": self.tolerance, "most": self.most}
        return super().get_config() | own
