"""Metrics that add up: right for a data set, however it is cut into batches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
import tensorflow as tf

from insidetf.keras_lens import mask_of
from insidetf.losses import aligned


@keras.saving.register_keras_serializable(package="insidetf")
class F1(keras.metrics.Metric):
    """F1 of yes-no answers over everything since the last reset.

    The score is a ratio of counts, so that the scores of two batches do not tell the
    score of both together; the counts do. They are variables of the metric: Keras
    resets them, saves them, and sums them over replicas.

    Args:
        threshold: predictions above it are a yes: 0.5 for probabilities, 0.0 for
            logits.
        name: the key of the result in logs.
        dtype: of the counts.

    >>> f1 = F1()
    >>> f1.update_state([1, 1, 0, 0], [0.9, 0.2, 0.8, 0.1])
    >>> float(f1.result())
    0.5
    """

    def __init__(self, threshold: float = 0.5, name: str = "f1", dtype: Any = None):
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold
        self.true_positives = self._count("true_positives")
        self.false_positives = self._count("false_positives")
        self.false_negatives = self._count("false_negatives")

    def _count(self, name: str) -> keras.Variable:
        return self.add_variable((), "zeros", dtype=self.dtype, name=name)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count a batch: labels 0 or 1, predictions of the same shape or (B, 1).

        `sample_weight` is (B,) or has a weight for each answer. A mask that Keras has
        noted on the predictions counts as weights 0. Raises ValueError for shapes that
        would broadcast.
        """
        mask = mask_of(y_pred)
        y_true, y_pred = aligned(y_true, y_pred)
        said_yes = tf.cast(y_pred > self.threshold, self.dtype)
        yes = tf.cast(y_true, self.dtype)
        weight = tf.ones_like(yes)
        for factor in (sample_weight, mask):
            if factor is not None:
                weight *= _to_rank(tf.cast(factor, self.dtype), weight.shape.rank)
        self.true_positives.assign_add(tf.reduce_sum(weight * yes * said_yes))
        self.false_positives.assign_add(tf.reduce_sum(weight * (1 - yes) * said_yes))
        self.false_negatives.assign_add(tf.reduce_sum(weight * yes * (1 - said_yes)))

    def merge_state(self, metrics: Iterable[F1]) -> None:
        """Add the counts of other metrics: of other processes, or parts of the data."""
        for metric in metrics:
            for mine, other in zip(self.variables, metric.variables, strict=True):
                mine.assign_add(other)

    def result(self) -> tf.Tensor:
        """Return 2 TP / (2 TP + FP + FN), and 0 where nobody said yes and none is."""
        true = 2.0 * self.true_positives
        return tf.math.divide_no_nan(
            true, true + self.false_positives + self.false_negatives
        )

    def get_config(self) -> dict[str, Any]:
        """Return all arguments of the constructor."""
        return {**super().get_config(), "threshold": self.threshold}


def _to_rank(x: tf.Tensor, rank: int) -> tf.Tensor:
    while x.shape.rank < rank:
        x = tf.expand_dims(x, -1)
    return x
