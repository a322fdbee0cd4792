"""Learning rates that depend on the number of steps.

Keras: keras/src/optimizers/schedules/learning_rate_schedule.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from microtf.math_ops import cos, minimum, pow
from microtf.op import op
from microtf.tensor import Tensor


class LearningRateSchedule:
    """A function from the number of a step, from zero, to a rate; built of ops."""

    def __call__(self, step: Tensor) -> Tensor:
        """Return the rate for a step, a float tensor of shape ()."""
        raise NotImplementedError


@dataclass
class ExponentialDecay(LearningRateSchedule):
    """Multiply by `decay_rate` in the course of every `decay_steps` steps."""

    initial_learning_rate: float
    decay_steps: int
    decay_rate: float
    staircase: bool = False

    def __call__(self, step: Tensor) -> Tensor:
        """Return the rate for a step, at its beginning."""
        rounds = step / float(self.decay_steps)
        rounds = op("Floor", rounds) if self.staircase else rounds
        return self.initial_learning_rate * pow(self.decay_rate, rounds)


@dataclass
class CosineDecay(LearningRateSchedule):
    """Follow half a cosine down to zero in `decay_steps` steps, and stay there."""

    initial_learning_rate: float
    decay_steps: int

    def __call__(self, step: Tensor) -> Tensor:
        """Return the rate for a step."""
        done = minimum(step / float(self.decay_steps), 1.0)
        return self.initial_learning_rate * 0.5 * (cos(done * math.pi) + 1.0)
