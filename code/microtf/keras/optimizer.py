"""Optimizers: what changes the weights, and the variables that it needs for that.

Keras: `BaseOptimizer` in keras/src/optimizers/base_optimizer.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from microtf.control_flow import cond
from microtf.keras.clipping import Clipping
from microtf.keras.schedules import LearningRateSchedule
from microtf.keras.variable import Variable
from microtf.math_ops import cast, identity, less, zeros_like
from microtf.op import op
from microtf.tensor import Tensor, convert_to_tensor
from microtf.trackable import AutoTrackable


class Optimizer(AutoTrackable):
    """The part that all update rules share; a rule is a subclass with `update_step`.

    The order of a step: average the gradients of `gradient_accumulation_steps` calls,
    clip, decay the weights, update, and take the moving average.
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule,
        weight_decay: float | None = None,
        clipping: Clipping | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        gradient_accumulation_steps: int | None = None,
    ):
        self.weight_decay, self.clipping = weight_decay, clipping or Clipping()
        self.use_ema, self.ema_momentum = use_ema, ema_momentum
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.variables: list[Variable] = []
        self._indices: dict[int, int] = {}
        self.built = False
        self._iterations = self.add_variable(np.int64(0), "iteration")
        self._schedule: LearningRateSchedule | None = None
        if isinstance(learning_rate, LearningRateSchedule):
            self._schedule = learning_rate
        else:
            self._learning_rate = self.add_variable(
                np.float32(learning_rate), "learning_rate"
            )

    def add_variable(self, value: Any, name: str) -> Variable:
        """Make a variable of the optimizer's own, which no gradient changes."""
        variable = Variable(np.asarray(value), trainable=False, name=name)
        self.variables.append(variable)
        return variable

    def add_slots(self, variables: Iterable[Variable], *names: str) -> tuple:
        """Make, for each weight in turn, one slot of zeros under each name."""
        slots: tuple[list[Variable], ...] = tuple([] for _ in names)
        for variable in variables:
            for kind, name in zip(slots, names, strict=True):
                zeros = np.zeros(variable.shape, variable.dtype)
                kind.append(self.add_variable(zeros, f"{variable.name}_{name}"))
        return slots

    def build(self, variables: Sequence[Variable]) -> None:
        """Make the slots for these weights; they are the only ones from now on."""
        if self.use_ema:
            (self._averages,) = self.add_slots(variables, "average")
        if self.gradient_accumulation_steps:
            (self._accumulated,) = self.add_slots(variables, "gradient_accumulator")
        self._indices = {id(v): number for number, v in enumerate(variables)}
        self._trainable_variables = list(variables)
        self.built = True

    @property
    def iterations(self) -> Tensor:
        """How many updates there were: calls, or groups of calls that accumulate."""
        steps = self.gradient_accumulation_steps or 1
        groups = cast(self._iterations.value, np.float32) / float(steps)
        return op("Floor", groups) if steps > 1 else groups

    @property
    def learning_rate(self) -> Tensor:
        """The rate now: the schedule counts calls, also those that only accumulate."""
        if self._schedule is None:
            return convert_to_tensor(self._learning_rate.value)
        return self._schedule(cast(self._iterations.value, np.float32))

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        if self._schedule is not None:
            raise TypeError(
                "expected an optimizer with a number as its rate, got one with a "
                "schedule; make it with a number to set it later"
            )
        self._learning_rate.assign(np.float32(rate))

    def index(self, variable: Variable) -> int:
        """Return the place of a weight's slots."""
        return self._indices[id(variable)]

    def update_step(self, gradient: Tensor, variable: Variable, rate: Tensor) -> None:
        """Change one weight. Subclasses say how."""
        raise NotImplementedError

    def apply_gradients(self, grads_and_vars: Iterable[tuple]) -> None:
        """Take pairs, as a loop of one's own has them, and `apply` them."""
        gradients, variables = zip(*grads_and_vars, strict=True)
        self.apply(gradients, variables)

    def apply(
        self, gradients: Sequence[Any], variables: Sequence[Variable] | None = None
    ) -> None:
        """Do one step; the first one builds. Raises ValueError for unknown weights."""
        variables = self._trainable_variables if variables is None else list(variables)
        if not self.built:
            self.build(variables)
        for variable in variables:
            if id(variable) not in self._indices:
                raise ValueError(
                    f"unknown variable {variable.name}: expected one of those that the "
                    "optimizer was built with; build it with all, or make another"
                )
        pairs = zip(gradients, variables, strict=True)
        known = [(g, v) for g, v in pairs if g is not None]
        if not known:
            raise ValueError("expected a gradient for some variable, got None for all")
        self._step([convert_to_tensor(g) for g, _ in known], [v for _, v in known])
        self._iterations.assign_add(np.int64(1))

    def _step(self, gradients: list[Tensor], variables: list[Variable]) -> None:
        if not self.gradient_accumulation_steps:
            self._update(gradients, variables)
        else:
            self._accumulate(gradients, variables)
        if self.use_ema:
            self._average()

    def _accumulate(self, gradients: list[Tensor], variables: list[Variable]) -> None:
        steps = float(self.gradient_accumulation_steps)
        slots = [self._accumulated[self.index(v)] for v in variables]

        def update() -> Tensor:
            sums = zip(gradients, slots, strict=True)
            self._update([(g + slot.value) / steps for g, slot in sums], variables)
            for slot in self._accumulated:
                slot.assign(zeros_like(slot.value))
            return convert_to_tensor(True)

        def wait() -> Tensor:
            for gradient, slot in zip(gradients, slots, strict=True):
                slot.assign_add(gradient)
            return convert_to_tensor(False)

        calls = cast(self._iterations.value, np.float32) + 1.0
        cond(less(steps * op("Floor", calls / steps), calls), wait, update)

    def _update(self, gradients: list[Tensor], variables: list[Variable]) -> None:
        gradients, rate = self.clipping(gradients), self.learning_rate
        if self.weight_decay is not None:
            for variable in variables:
                value = convert_to_tensor(variable.value)
                variable.assign_sub(value * self.weight_decay * rate)
        for gradient, variable in zip(gradients, variables, strict=True):
            self.update_step(gradient, variable, rate)

    def _average(self) -> None:
        momentum = cast(self.iterations > 0.0, np.float32) * self.ema_momentum
        for variable, average in zip(
            self._trainable_variables, self._averages, strict=True
        ):
            value, old = identity(variable.value), identity(average.value)
            average.assign(momentum * old + (1.0 - momentum) * value)

    def finalize_variable_values(self, variables: Sequence[Variable]) -> None:
        """Give the weights their moving averages, as `fit` does at its end."""
        if self.use_ema:
            for variable in variables:
                variable.assign(self._averages[self.index(variable)].value)
