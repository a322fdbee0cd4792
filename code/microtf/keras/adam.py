"""Adam, and with `weight_decay` AdamW.

Keras: keras/src/optimizers/adam.py and adamw.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microtf.keras.optimizer import Optimizer
from microtf.keras.variable import Variable
from microtf.math_ops import pow, sqrt, square
from microtf.tensor import Tensor, convert_to_tensor


class Adam(Optimizer):
    """Step by the mean of past gradients, in units of their root mean square.

    Both means start at zero and are corrected for it, by the number of updates.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **options: Any,
    ):
        super().__init__(learning_rate, **options)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def build(self, variables: Sequence[Variable]) -> None:
        """Make two slots for each weight, side by side."""
        super().build(variables)
        self._momentums, self._velocities = self.add_slots(
            variables, "momentum", "velocity"
        )

    def update_step(self, gradient: Tensor, variable: Variable, rate: Tensor) -> None:
        """Bring both means up to date, and step."""
        number = self.index(variable)
        m, v = self._momentums[number], self._velocities[number]
        m.assign_add((gradient - m.value) * (1.0 - self.beta_1))
        v.assign_add((square(gradient) - v.value) * (1.0 - self.beta_2))
        mean, square_mean = convert_to_tensor(m.value), convert_to_tensor(v.value)
        alpha = rate * self._correction()
        variable.assign_sub(mean * alpha / (sqrt(square_mean) + self.epsilon))

    def _correction(self) -> Tensor:
        count = self.iterations + 1.0
        missing_1, missing_2 = pow(self.beta_1, count), pow(self.beta_2, count)
        return sqrt(1.0 - missing_2) / (1.0 - missing_1)


class AdamW(Adam):
    """Adam with a decay of the weights, which no mean has a part in."""

    def __init__(
        self, learning_rate: Any = 0.001, weight_decay: float = 0.004, **options: Any
    ):
        super().__init__(learning_rate, weight_decay=weight_decay, **options)
