"""Dynamic loss scaling: keep small gradients of float16 above zero.

Keras: keras/src/optimizers/loss_scale_optimizer.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from microtf.control_flow import cond
from microtf.keras.optimizer import Optimizer
from microtf.keras.variable import Variable
from microtf.math_ops import add, less, reduce_sum
from microtf.op import op
from microtf.tensor import Tensor, convert_to_tensor


class LossScaleOptimizer(Optimizer):
    """An optimizer around another one, which decides by what the loss is multiplied.

    The scale halves at each step that has an infinite gradient, and the weights stay;
    after `dynamic_growth_steps` steps without one it doubles.
    """

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
    ):
        super().__init__(learning_rate=0.0)
        self.inner_optimizer = inner_optimizer
        self.initial_scale = initial_scale
        self.dynamic_growth_steps = dynamic_growth_steps

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the scale and the counter, and build the optimizer within."""
        self.step_counter = self.add_variable(np.int64(0), "step_counter")
        scale = np.float32(self.initial_scale)
        self.dynamic_scale = self.add_variable(scale, "dynamic_scale")
        self.inner_optimizer.build(variables)
        super().build(variables)

    def scale_loss(self, loss: Any) -> Tensor:
        """Multiply a loss before the tape is asked."""
        scale = self.dynamic_scale.value if self.built else self.initial_scale
        return convert_to_tensor(loss) * scale

    def apply(
        self, gradients: Sequence[Any], variables: Sequence[Variable] | None = None
    ) -> None:
        """Divide and step, or skip the step and halve the scale."""
        if not self.built:
            self.build(variables)
        gradients = [None if g is None else convert_to_tensor(g) for g in gradients]

        def go() -> Tensor:
            scale = convert_to_tensor(self.dynamic_scale.value)
            unscaled = [None if g is None else g / scale for g in gradients]
            self.inner_optimizer.apply(unscaled, variables)
            return self._count()

        cond(_all_finite(gradients), go, self._halve)

    def _halve(self) -> Tensor:
        self.step_counter.assign(np.int64(0))
        self.dynamic_scale.assign(self.dynamic_scale.value * 0.5)
        return convert_to_tensor(False)

    def _count(self) -> Tensor:
        def double() -> Tensor:
            self.step_counter.assign(np.int64(0))
            self.dynamic_scale.assign(self.dynamic_scale.value * 2.0)
            return convert_to_tensor(True)

        def count() -> Tensor:
            self.step_counter.assign_add(np.int64(1))
            return convert_to_tensor(True)

        last = np.int64(self.dynamic_growth_steps - 1)
        return cond(less(self.step_counter.value, last), count, double)


def _all_finite(gradients: Sequence[Tensor | None]) -> Tensor:
    """Whether no element is infinite or nan, of which x - x is nan, too."""
    sums = [reduce_sum(g - g) for g in gradients if g is not None]
    return op("Equal", reduce(add, sums), 0.0)
