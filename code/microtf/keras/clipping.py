"""Three ways to bound a step, of which an optimizer uses one.

Keras: `BaseOptimizer._clip_gradients` in keras/src/optimizers/base_optimizer.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from microtf.math_ops import add, maximum, minimum, reduce_sum, sqrt, square
from microtf.tensor import Tensor


@dataclass(frozen=True)
class Clipping:
    """Bounds for a gradient's norm, its elements, or the norm of all gradients.

    Raises ValueError where more than one bound is given.
    """

    clipnorm: float | None = None
    clipvalue: float | None = None
    global_clipnorm: float | None = None

    def __post_init__(self) -> None:
        given = {name: v for name, v in vars(self).items() if v is not None}
        if len(given) > 1:
            raise ValueError(f"expected one bound at most, got {given}")

    def __call__(self, gradients: Sequence[Tensor]) -> list[Tensor]:
        """Return the gradients within the bound; the two norms keep directions."""
        if self.clipnorm:
            return [g * _shrink(_norm([g]), self.clipnorm) for g in gradients]
        if self.global_clipnorm:
            factor = _shrink(_norm(gradients), self.global_clipnorm)
            return [g * factor for g in gradients]
        if self.clipvalue:
            bound = self.clipvalue
            return [minimum(maximum(g, -bound), bound) for g in gradients]
        return list(gradients)


def _norm(gradients: Sequence[Tensor]) -> Tensor:
    return sqrt(reduce(add, [reduce_sum(square(g)) for g in gradients]))


def _shrink(norm: Tensor, bound: float) -> Tensor:
    """Return what a gradient of this norm is multiplied by: one, or less.

    A norm that is no finite number stays one, so that nobody takes the step for good.
    """
    return bound / maximum(norm, bound) + (norm - norm)
