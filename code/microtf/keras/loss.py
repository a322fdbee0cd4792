"""The contract of a loss: a number for each example, and one place for the mean.

Keras: keras/src/losses/loss.py, whose scaling for several replicas is left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microtf.keras.masking import get_keras_mask
from microtf.keras.naming import auto_name
from microtf.math_ops import (
    cast,
    divide,
    greater,
    logical_and,
    ones_like,
    reduce_sum,
    where,
    zeros_like,
)
from microtf.op import op
from microtf.tensor import Tensor, convert_to_tensor

REDUCTIONS = (
    *("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum"),
    *("none", None),
)


class Loss:
    """A subclass says what one example costs (`call`), this class takes the mean.

    `call` returns one number for each example; its result is not looked at.
    """

    def __init__(
        self, name: str | None = None, reduction: str | None = "sum_over_batch_size"
    ):
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"expected a reduction out of {REDUCTIONS}, got {reduction!r}"
            )
        self.name = name or auto_name(type(self).__name__)
        self.reduction = reduction

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """Return the reduced loss; `sample_weight` has a weight for each loss."""
        mask = get_keras_mask(y_pred)
        y_true, y_pred = as_float(y_true), as_float(y_pred)
        losses = convert_to_tensor(self.call(y_true, y_pred))
        mask = both(mask, get_keras_mask(losses))
        return reduce_weighted_values(losses, sample_weight, mask, self.reduction)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Return the losses of the examples."""
        raise NotImplementedError(f"{type(self).__name__} defines no `call`")

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal loss."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Loss:
        """Make a loss from what `get_config` returned."""
        return cls(**config)


def as_float(values: Any) -> Tensor:
    """Return a tensor in float32."""
    tensor = convert_to_tensor(values)
    return tensor if tensor.dtype == np.float32 else cast(tensor, np.float32)


def both(mask: Tensor | None, other: Tensor | None) -> Tensor | None:
    """Return what two masks let through; None lets everything through."""
    if mask is None or other is None:
        return other if mask is None else mask
    return logical_and(mask, other)


def squeeze_or_expand_to_same_rank(
    x1: Any, x2: Any, expand_rank_1: bool = True
) -> tuple[Tensor, Tensor]:
    """Give two tensors one rank, where an axis of length 1 is all that is between them.

    (B,) and (B, 1) both become (B, 1); of (B, T) and (B, T, 1) the last axis goes.
    Other ranks are left as they are, for broadcasting to find.
    """
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    if len(x2.shape) == len(x1.shape) + 1:
        x2, x1 = squeeze_or_expand_to_same_rank(x2, x1, expand_rank_1)
    elif len(x1.shape) == len(x2.shape) + 1 and x1.shape[-1] == 1:
        if len(x2.shape) == 1 and expand_rank_1:
            x2 = op("ExpandDims", x2, np.int32(-1))
        else:
            x1 = op("Squeeze", x1, axis=[-1])
    return x1, x2


def reduce_weighted_values(
    values: Tensor,
    sample_weight: Any = None,
    mask: Tensor | None = None,
    reduction: str | None = "sum_over_batch_size",
) -> Tensor:
    """Multiply losses by their weights, and make one number of them."""
    sample_weight = apply_mask(sample_weight, mask, reduction)
    if sample_weight is not None:
        values, sample_weight = squeeze_or_expand_to_same_rank(
            values, as_float(sample_weight)
        )
        values = values * sample_weight
    return reduce_values(values, sample_weight, reduction)


def reduce_values(
    values: Tensor,
    sample_weight: Tensor | None = None,
    reduction: str | None = "sum_over_batch_size",
) -> Tensor:
    """Sum; and for a mean divide by the number of losses, or by the sum of weights."""
    if reduction in (None, "none") or values.shape == ():
        return values
    total = reduce_sum(values)
    if reduction == "sum":
        return total
    if reduction == "mean_with_sample_weight" and sample_weight is not None:
        return divide_no_nan(total, reduce_sum(sample_weight))
    return divide_no_nan(total, reduce_sum(ones_like(values)))


def apply_mask(sample_weight: Any, mask: Any, reduction: str | None) -> Any:
    """Write a mask as weights: 0, and for the rest what makes a mean over the rest."""
    if mask is None:
        return sample_weight
    weights = as_float(mask)
    if reduction in ("mean", "sum_over_batch_size"):
        total, valid = reduce_sum(ones_like(weights)), reduce_sum(weights)
        weights = weights * divide_no_nan(total, valid)
    if sample_weight is None:
        return weights
    weights, sample_weight = squeeze_or_expand_to_same_rank(
        weights, as_float(sample_weight)
    )
    return sample_weight * weights


def divide_no_nan(x: Tensor, y: Any) -> Tensor:
    """Divide; by zero, to zero. Keras: `keras.ops.divide_no_nan`."""
    x, y = convert_to_tensor(x), convert_to_tensor(y)
    usable = greater(abs(y), 0.0)
    return where(usable, divide(x, where(usable, y, ones_like(y))), zeros_like(x))
