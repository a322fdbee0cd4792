"""Losses: functions that cost examples, and classes that keep their arguments.

Keras: keras/src/losses/losses.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microtf.keras.loss import Loss, squeeze_or_expand_to_same_rank
from microtf.math_ops import (
    abs,
    cast,
    less_equal,
    log,
    maximum,
    minimum,
    reduce_mean,
    reduce_sum,
    square,
    where,
)
from microtf.nn import log_softmax, softplus
from microtf.op import op
from microtf.tensor import Tensor, convert_to_tensor

MEAN = "sum_over_batch_size"
EPSILON = 1e-7  # Keras: `keras.config.epsilon()`


class LossFunctionWrapper(Loss):
    """A function as a loss. It sees labels and predictions of one rank."""

    def __init__(
        self,
        fn: Callable[..., Tensor],
        reduction: str | None = MEAN,
        name: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(name or getattr(fn, "__name__", None), reduction)
        self.fn, self._fn_kwargs = fn, kwargs

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Align the last axis of the two, and call the function."""
        y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; the function itself belongs to a subclass's name."""
        return {**super().get_config(), **self._fn_kwargs}


def _same(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    y_pred = convert_to_tensor(y_pred)
    y_true = convert_to_tensor(y_true)
    if y_true.dtype != y_pred.dtype:
        y_true = cast(y_true, y_pred.dtype)
    return squeeze_or_expand_to_same_rank(y_true, y_pred)


def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    """Mean of the squared errors over the last axis."""
    y_true, y_pred = _same(y_true, y_pred)
    return reduce_mean(square(y_true - y_pred), axis=-1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    """Mean of the absolute errors over the last axis."""
    y_true, y_pred = _same(y_true, y_pred)
    return reduce_mean(abs(y_true - y_pred), axis=-1)


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Tensor:
    """Half the squared error, from `delta` on its tangent; mean over the last axis."""
    y_true, y_pred = _same(y_true, y_pred)
    error = abs(y_pred - y_true)
    inside, outside = 0.5 * square(error), delta * error - 0.5 * delta**2
    return reduce_mean(where(less_equal(error, delta), inside, outside), axis=-1)


def binary_crossentropy(y_true: Any, y_pred: Any, from_logits: bool = False) -> Tensor:
    """Mean of the cross-entropies over the last axis: independent yes-no questions.

    Labels and predictions must have one rank: this function aligns nothing.
    """
    y_pred = convert_to_tensor(y_pred)
    y_true = cast(y_true, y_pred.dtype)
    if len(y_true.shape) != len(y_pred.shape):
        raise ValueError(
            "expected labels and predictions of one rank, got shapes "
            f"{y_true.shape} and {y_pred.shape}; reshape the labels"
        )
    if from_logits:
        costs = softplus(y_pred) - y_true * y_pred
    else:
        y_pred = minimum(maximum(y_pred, EPSILON), 1.0 - EPSILON)
        costs = -(y_true * log(y_pred) + (1.0 - y_true) * log(1.0 - y_pred))
    return reduce_mean(costs, axis=-1)


def sparse_categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False
) -> Tensor:
    """Cross-entropy of one class out of those of the last axis; labels are numbers.

    Shapes: y_true (B, …) or (B, …, 1), y_pred (B, …, classes), result (B, …).
    """
    y_true, y_pred = convert_to_tensor(y_true), convert_to_tensor(y_pred)
    if len(y_true.shape) < len(y_pred.shape):
        y_true = op("ExpandDims", y_true, np.int32(-1))
    if not from_logits:
        y_pred = log(minimum(maximum(y_pred, EPSILON), 1.0 - EPSILON))
    classes = np.arange(y_pred.shape[-1], dtype=np.int32)
    chosen = cast(op("Equal", cast(y_true, np.int32), classes), y_pred.dtype)
    return -reduce_sum(chosen * log_softmax(y_pred), axis=-1)


class MeanSquaredError(LossFunctionWrapper):
    """`mean_squared_error` as a loss."""

    def __init__(self, reduction: str | None = MEAN, name: str = "mean_squared_error"):
        super().__init__(mean_squared_error, reduction, name)


class MeanAbsoluteError(LossFunctionWrapper):
    """`mean_absolute_error` as a loss."""

    def __init__(self, reduction: str | None = MEAN, name: str = "mean_absolute_error"):
        super().__init__(mean_absolute_error, reduction, name)


class Huber(LossFunctionWrapper):
    """`huber` as a loss that keeps its `delta`."""

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = MEAN,
        name: str = "huber_loss",
    ):
        super().__init__(huber, reduction, name, delta=delta)


class BinaryCrossentropy(LossFunctionWrapper):
    """`binary_crossentropy` as a loss."""

    def __init__(
        self,
        from_logits: bool = False,
        reduction: str | None = MEAN,
        name: str = "binary_crossentropy",
    ):
        super().__init__(binary_crossentropy, reduction, name, from_logits=from_logits)


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """`sparse_categorical_crossentropy` as a loss."""

    def __init__(
        self,
        from_logits: bool = False,
        reduction: str | None = MEAN,
        name: str = "sparse_categorical_crossentropy",
    ):
        super().__init__(
            sparse_categorical_crossentropy, reduction, name, from_logits=from_logits
        )


_FUNCTIONS = (
    *(mean_squared_error, mean_absolute_error, huber),
    *(binary_crossentropy, sparse_categorical_crossentropy),
)
_CLASSES = (
    *(MeanSquaredError, MeanAbsoluteError, Huber),
    *(BinaryCrossentropy, SparseCategoricalCrossentropy),
)
ALL_OBJECTS: dict[str, Any] = {
    **{"mse": mean_squared_error, "mae": mean_absolute_error},
    **{thing.__name__: thing for thing in (*_FUNCTIONS, *_CLASSES)},
}


def get(identifier: Any) -> Any:
    """Return the loss that a name stands for; a class is made with its defaults."""
    found = ALL_OBJECTS.get(identifier) if isinstance(identifier, str) else identifier
    if found is None:
        raise ValueError(f"expected one of {sorted(ALL_OBJECTS)}, got {identifier!r}")
    return found() if isinstance(found, type) else found
