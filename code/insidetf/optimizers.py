"""Update rules, schedules, and averages of one's own, as Keras takes them.

`Momentum` and `AdamW` compute what Keras's classes do, from the public API alone:
start from them when you write a rule that Keras has not. The schedules and `averaged`
fill gaps that the chapter `optimizer` finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from keras import ops

_register = keras.saving.register_keras_serializable(package="insidetf")


@_register
class Momentum(keras.optimizers.Optimizer):
    """Gradient descent in which a part of the last step goes on.

    Args:
        learning_rate: a float or a schedule.
        momentum: the part, from 0 up to 1 exclusive.
        options: what each Keras optimizer takes: `clipnorm`, `use_ema`, ...

    >>> weight = keras.Variable([1.0])
    >>> Momentum(0.5).apply([ops.ones(1)], [weight])
    >>> float(weight[0])
    0.5
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.9,
        name: str = "momentum",
        **options: Any,
    ):
        if not 0 <= momentum < 1:
            raise ValueError(f"expected a momentum from 0 up to 1, got {momentum}")
        super().__init__(learning_rate, name=name, **options)
        self.momentum = momentum

    def build(self, variables: Sequence[Any]) -> None:
        """Make a slot for each weight's last step."""
        if not self.built:
            super().build(variables)
            self._steps = self.add_optimizer_variables(variables, "step")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Change one weight and its slot."""
        rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        slot = self._steps[self._get_variable_index(variable)]
        self.assign(slot, ops.subtract(slot * self.momentum, gradient * rate))
        self.assign_add(variable, slot)

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` needs."""
        return super().get_config() | {"momentum": self.momentum}


@_register
class AdamW(keras.optimizers.Optimizer):
    """Adam {cite}`kingma2015adam` with decoupled decay {cite}`loshchilov2019adamw`.

    Args:
        learning_rate: a float or a schedule.
        weight_decay: the part of each weight that a step takes away, by the rate.
        betas: how much of the means of gradients and of their squares is kept.
        epsilon: what is added to the root, so that it can divide.
        options: what each Keras optimizer takes.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        betas: Sequence[float] = (0.9, 0.999),
        epsilon: float = 1e-7,
        name: str = "adamw",
        **options: Any,
    ):
        super().__init__(learning_rate, weight_decay=weight_decay, name=name, **options)
        self.betas, self.epsilon = tuple(betas), epsilon

    def build(self, variables: Sequence[Any]) -> None:
        """Make two slots for each weight: both means, from zero."""
        if not self.built:
            super().build(variables)
            names = ["mean", "square_mean"]
            self._means, self._squares = self.add_optimizer_variables(variables, names)

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Bring both means up to date, correct them for their start, and step."""
        rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        number = self._get_variable_index(variable)
        estimates = []
        for kept, slots, value in zip(
            self.betas,
            (self._means, self._squares),
            (gradient, ops.square(gradient)),
            strict=True,
        ):
            slot = slots[number]
            self.assign_add(slot, ops.multiply(ops.subtract(value, slot), 1 - kept))
            count = ops.cast(self.iterations + 1, variable.dtype)
            missing = ops.power(ops.cast(kept, variable.dtype), count)
            estimates.append(ops.divide(slot, 1 - missing))
        mean, square_mean = estimates
        step = rate * mean / (ops.sqrt(square_mean) + self.epsilon)
        self.assign_sub(variable, step)

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` needs."""
        own = {"betas": list(self.betas), "epsilon": self.epsilon}
        return super().get_config() | own


@_register
class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    """Climb to `peak` in `warmup` steps, then follow half a cosine down to zero.

    Args:
        peak: the highest rate.
        warmup: the steps of the climb; step 0 has `peak / warmup`.
        total: the steps of the whole, climb included.

    Raises ValueError unless 0 < warmup < total.

    >>> [round(float(WarmupCosine(1.0, 2, 6)(step)), 2) for step in range(7)]
    [0.5, 1.0, 1.0, 0.85, 0.5, 0.15, 0.0]
    """

    def __init__(self, peak: float, warmup: int, total: int):
        if not 0 < warmup < total:
            raise ValueError(f"expected 0 < warmup < total, got {warmup} and {total}")
        self.peak, self.warmup, self.total = peak, warmup, total

    def __call__(self, step: Any) -> Any:
        """Return the rate for a step, counted from zero."""
        step = ops.cast(step, "float32")
        climb = (step + 1) / self.warmup
        done = (step - self.warmup) / (self.total - self.warmup)
        descent = 0.5 * (1 + ops.cos(np.pi * ops.clip(done, 0.0, 1.0)))
        return self.peak * ops.minimum(climb, descent)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {"peak": self.peak, "warmup": self.warmup, "total": self.total}


@_register
class PerUpdate(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that counts updates, for an optimizer that accumulates gradients.

    Keras's schedules are asked with the number of calls, most of which change nothing
    when gradients are accumulated.

    Args:
        schedule: the schedule as it was meant.
        calls: the optimizer's `gradient_accumulation_steps`.
    """

    def __init__(self, schedule: Any, calls: int):
        self.schedule, self.calls = schedule, calls

    def __call__(self, step: Any) -> Any:
        """Return the rate for a call, counted from zero."""
        return self.schedule(ops.floor_divide(step, self.calls))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, the schedule as Keras writes it down."""
        schedule = keras.optimizers.schedules.serialize(self.schedule)
        return {"schedule": schedule, "calls": self.calls}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> PerUpdate:
        """Make the schedule within, too."""
        inner = keras.optimizers.schedules.deserialize(config["schedule"])
        return cls(inner, config["calls"])


@contextmanager
def averaged(optimizer: Any, variables: Sequence[Any]) -> Iterator[None]:
    """Give the weights their moving averages for a block, and their values back.

    Args:
        optimizer: a built one, made with `use_ema=True`.
        variables: all variables that it was built with, in their order.

    Raises ValueError for an optimizer that keeps no averages.
    """
    if not optimizer.use_ema:
        raise ValueError("expected an optimizer with use_ema=True, got one without")
    values = [ops.copy(variable.value) for variable in variables]
    optimizer.finalize_variable_values(variables)
    try:
        yield
    finally:
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
