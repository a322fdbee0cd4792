"""Gradient descent, with momentum if asked for.

Keras: keras/src/optimizers/sgd.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microtf.keras.optimizer import Optimizer
from microtf.keras.variable import Variable
from microtf.tensor import Tensor, convert_to_tensor


class SGD(Optimizer):
    """Step against the gradient; `momentum` says how much of the last step goes on.

    >>> weight = Variable([1.0], name="weight")
    >>> SGD(0.5).apply([convert_to_tensor([1.0])], [weight])
    >>> weight.numpy()
    array([0.5], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        **options: Any,
    ):
        super().__init__(learning_rate, **options)
        self.momentum, self.nesterov = momentum, nesterov

    def build(self, variables: Sequence[Variable]) -> None:
        """Make a slot for each weight's last step, if there is momentum."""
        super().build(variables)
        if self.momentum:
            (self._momentums,) = self.add_slots(variables, "momentum")

    def update_step(self, gradient: Tensor, variable: Variable, rate: Tensor) -> None:
        """Go on, and down; with `nesterov` from where momentum will have led."""
        if not self.momentum:
            variable.assign_sub(gradient * rate)
            return
        slot = self._momentums[self.index(variable)]
        step = convert_to_tensor(slot.value) * self.momentum - gradient * rate
        slot.assign(step)
        if self.nesterov:
            step = step * self.momentum - gradient * rate
        variable.assign_add(step)
