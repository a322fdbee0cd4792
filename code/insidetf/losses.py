"""Losses that keep their promise: one number for each example, whoever calls them.

Three losses, each in three forms:

- a function of labels and predictions: `huber`, `contrastive`, `focal`;
- a closure that keeps the function's argument: `huber_with(delta=2.0)`;
- a class that Keras saves with its argument: `Huber(delta=2.0)`.

All forms take labels and predictions (B,) or (B, 1) in any combination, or of one
shape (B, …), and refuse what would broadcast. The functions and closures return the
losses of the examples; a class reduces them as every Keras loss does: with weights,
masks, and the share of a replica.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

LossFunction = Callable[[Any, Any], tf.Tensor]


def aligned(y_true: Any, y_pred: Any) -> tuple[tf.Tensor, tf.Tensor]:
    """Return labels and predictions as float tensors of one shape, at least (B, 1).

    An axis of length 1 may be missing on either side. Raises ValueError for any other
    difference: to broadcast would be to compare examples with each other.

    >>> [x.shape.as_list() for x in aligned([1, 0], tf.zeros((2, 1)))]
    [[2, 1], [2, 1]]
    """
    y_pred = tf.convert_to_tensor(y_pred)
    y_true = tf.cast(tf.convert_to_tensor(y_true), y_pred.dtype)
    rank = max(2, y_true.shape.rank, y_pred.shape.rank)
    y_true, y_pred = _with_last_axis(y_true, rank), _with_last_axis(y_pred, rank)
    if not y_true.shape.is_compatible_with(y_pred.shape):
        raise ValueError(
            "expected labels and predictions of one shape, or without an axis of "
            f"length 1, got {y_true.shape} and {y_pred.shape}; reshape one of them"
        )
    return y_true, y_pred


def _with_last_axis(x: tf.Tensor, rank: int) -> tf.Tensor:
    return tf.expand_dims(x, -1) if x.shape.rank == rank - 1 else x


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> tf.Tensor:
    """Half the squared error, and from `delta` on its tangent (Huber 1964).

    The slope never exceeds `delta`, in the unit of the labels: what is farther off
    pulls no harder. Returns the mean over the last axis, (B, …).

    >>> huber([0.0, 0.0], [1.0, 10.0]).numpy().tolist()
    [0.5, 9.5]
    """
    y_true, y_pred = aligned(y_true, y_pred)
    error = tf.abs(y_pred - y_true)
    near, far = 0.5 * tf.square(error), delta * error - 0.5 * delta**2
    return tf.reduce_mean(tf.where(error <= delta, near, far), axis=-1)


def contrastive(y_true: Any, distance: Any, margin: float = 1.0) -> tf.Tensor:
    """Pull pairs of one class together, push others apart up to `margin`.

    Labels are 1 for a pair of one class and 0 for two (Hadsell, Chopra, and LeCun
    2006, with the labels the other way round, and without the factor 1/2). A pair of
    two classes costs nothing beyond `margin`, and has no gradient there. Returns (B,)
    for (B,) or (B, 1).

    >>> contrastive([1, 0, 0], [0.5, 0.5, 2.0]).numpy().tolist()
    [0.25, 0.25, 0.0]
    """
    y_true, distance = aligned(y_true, distance)
    together = tf.square(distance)
    apart = tf.square(tf.maximum(margin - distance, 0.0))
    return tf.reduce_mean(y_true * together + (1.0 - y_true) * apart, axis=-1)


def focal(
    y_true: Any, logits: Any, gamma: float = 2.0, alpha: float = 0.25
) -> tf.Tensor:
    """Cross-entropy that fades for examples that are right already.

    Each yes-no question's cross-entropy is multiplied by (1 - p)**gamma, p being the
    probability of the true answer, and by `alpha` for a yes, 1 - `alpha` for a no (Lin
    et al. 2017). Takes labels 0 or 1, and logits, so that no probability is rounded to
    0 or 1. Returns the mean over the last axis, (B, …).

    >>> losses = focal([1, 1], [0.0, 4.0])
    >>> round(float(losses[0]), 4), float(losses[1]) < 1e-5
    (0.0433, True)
    """
    y_true, logits = aligned(y_true, logits)
    toward_truth = (2.0 * y_true - 1.0) * logits
    # log(1 - p) as a softplus: its gradient stays finite where p is 1.
    fade = tf.exp(-gamma * tf.nn.softplus(toward_truth))
    balance = alpha * y_true + (1.0 - alpha) * (1.0 - y_true)
    return tf.reduce_mean(balance * fade * tf.nn.softplus(-toward_truth), axis=-1)


def huber_with(delta: float) -> LossFunction:
    """Return `huber` for one `delta`. A model compiled with it loads without a loss."""

    def huber_with_delta(y_true: Any, y_pred: Any) -> tf.Tensor:
        return huber(y_true, y_pred, delta)

    return huber_with_delta


def contrastive_with(margin: float) -> LossFunction:
    """Return `contrastive` for one `margin`; saved like `huber_with`."""

    def contrastive_with_margin(y_true: Any, distance: Any) -> tf.Tensor:
        return contrastive(y_true, distance, margin)

    return contrastive_with_margin


def focal_with(gamma: float, alpha: float = 0.25) -> LossFunction:
    """Return `focal` for one `gamma` and `alpha`; saved like `huber_with`."""

    def focal_with_gamma(y_true: Any, logits: Any) -> tf.Tensor:
        return focal(y_true, logits, gamma, alpha)

    return focal_with_gamma


class PerExampleLoss(keras.losses.Loss):
    """A Keras loss whose weights are the examples', also where losses have more axes.

    A subclass defines `call`, which returns (B, …), and lists its own arguments in
    `get_config`.
    """

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Return the reduced loss. Weights: (B,), (B, 1), or one for each loss.

        Keras multiplies losses (B, T) by weights (B,) as NumPy would: along T.
        """
        y_true, y_pred = tf.convert_to_tensor(y_true), tf.convert_to_tensor(y_pred)
        if sample_weight is not None:
            losses_rank = max(2, y_true.shape.rank, y_pred.shape.rank) - 1
            sample_weight = tf.convert_to_tensor(sample_weight, self.dtype)
            while sample_weight.shape.rank < losses_rank:
                sample_weight = tf.expand_dims(sample_weight, -1)
        return super().__call__(y_true, y_pred, sample_weight)


@keras.saving.register_keras_serializable(package="insidetf")
class Huber(PerExampleLoss):
    """`huber` as a loss that is saved with its `delta`.

    >>> again = Huber.from_config(Huber(delta=3.0).get_config())
    >>> again.delta, float(again([0.0], [[10.0]]))
    (3.0, 25.5)
    """

    def __init__(self, delta: float = 1.0, name: str = "huber", **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.delta = delta

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        """Return the losses of the examples."""
        return huber(y_true, y_pred, self.delta)

    def get_config(self) -> dict[str, Any]:
        """Return all arguments of the constructor."""
        return {**super().get_config(), "delta": self.delta}


@keras.saving.register_keras_serializable(package="insidetf")
class Contrastive(PerExampleLoss):
    """`contrastive` as a loss that is saved with its `margin`."""

    def __init__(self, margin: float = 1.0, name: str = "contrastive", **kwargs: Any):
        super().__init__(name=name, **kwargs)
        self.margin = margin

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        """Return the losses of the pairs."""
        return contrastive(y_true, y_pred, self.margin)

    def get_config(self) -> dict[str, Any]:
        """Return all arguments of the constructor."""
        return {**super().get_config(), "margin": self.margin}


@keras.saving.register_keras_serializable(package="insidetf")
class Focal(PerExampleLoss):
    """`focal` as a loss that is saved with its `gamma` and its `alpha`."""

    def __init__(
        self,
        gamma: float = 2.0,
        alpha: float = 0.25,
        name: str = "focal",
        **kwargs: Any,
    ):
        super().__init__(name=name, **kwargs)
        self.gamma, self.alpha = gamma, alpha

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        """Return the losses of the examples."""
        return focal(y_true, y_pred, self.gamma, self.alpha)

    def get_config(self) -> dict[str, Any]:
        """Return all arguments of the constructor."""
        return {**super().get_config(), "gamma": self.gamma, "alpha": self.alpha}
