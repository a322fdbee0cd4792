"""Metrics that classify: accuracies, and an F1 score that is right for any batches.

Keras: keras/src/metrics/accuracy_metrics.py and f_score_metrics.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microtf.keras import losses
from microtf.keras.loss import as_float, divide_no_nan, squeeze_or_expand_to_same_rank
from microtf.keras.metric import Mean as Mean
from microtf.keras.metric import MeanMetricWrapper as MeanMetricWrapper
from microtf.keras.metric import Metric as Metric
from microtf.math_ops import cast, greater, ones_like, reduce_sum
from microtf.op import op, register_kernel
from microtf.op_def import register_op
from microtf.shapes import reduction
from microtf.tensor import Tensor, convert_to_tensor

register_op("ArgMax", "input: T, dimension: Tidx -> output: output_type", reduction)


@register_kernel("ArgMax")
def _arg_max(x: np.ndarray, dimension: np.ndarray, *, output_type: Any) -> np.ndarray:
    return np.argmax(x, int(dimension)).astype(output_type)


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Tensor:
    """1 where prediction and label lie on one side of the threshold, else 0."""
    y_true, y_pred = squeeze_or_expand_to_same_rank(y_true, y_pred)
    guess = cast(greater(y_pred, threshold), y_true.dtype)
    return cast(op("Equal", y_true, guess), np.float32)


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Tensor:
    """1 where the largest prediction stands at the label's place, else 0."""
    y_true, y_pred = convert_to_tensor(y_true), convert_to_tensor(y_pred)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = op("Squeeze", y_true, axis=[-1])
    guess = cast(op("ArgMax", y_pred, np.int32(-1), output_type=np.int64), y_true.dtype)
    return cast(op("Equal", y_true, guess), np.float32)


class BinaryAccuracy(MeanMetricWrapper):
    """The share of yes-no answers that are right."""

    def __init__(self, name: str = "binary_accuracy", threshold: float = 0.5):
        super().__init__(binary_accuracy, name, threshold=threshold)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """The share of examples whose class is the one with the largest prediction."""

    def __init__(self, name: str = "sparse_categorical_accuracy"):
        super().__init__(sparse_categorical_accuracy, name)


class F1(Metric):
    """F1 of yes-no answers over all examples since the last reset.

    Keeps counts, since the F1 score of a set cannot be had from those of its parts.
    """

    def __init__(self, name: str = "f1", threshold: float = 0.5):
        super().__init__(name)
        self.threshold = threshold
        self.true_positives = self.add_variable((), name="true_positives")
        self.predicted = self.add_variable((), name="predicted")
        self.actual = self.add_variable((), name="actual")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count. Labels 0 or 1 and predictions (B,) or (B, 1), weights alike."""
        y_true, y_pred = squeeze_or_expand_to_same_rank(
            as_float(y_true), as_float(y_pred)
        )
        guess = cast(greater(y_pred, self.threshold), np.float32)
        weight = ones_like(guess)
        if sample_weight is not None:
            weight = squeeze_or_expand_to_same_rank(guess, as_float(sample_weight))[1]
        self.true_positives.assign_add(reduce_sum(weight * guess * y_true))
        self.predicted.assign_add(reduce_sum(weight * guess))
        self.actual.assign_add(reduce_sum(weight * y_true))

    def result(self) -> Tensor:
        """Return 2 TP / (predicted + actual), 0 where nobody said yes."""
        return divide_no_nan(2.0 * self.true_positives, self.predicted + self.actual)


ALL_OBJECTS: dict[str, Any] = {
    **losses.ALL_OBJECTS,
    "binary_accuracy": binary_accuracy,
    "sparse_categorical_accuracy": sparse_categorical_accuracy,
    **{cls.__name__: cls for cls in (BinaryAccuracy, F1, SparseCategoricalAccuracy)},
    "Mean": Mean,
}


def get(identifier: Any) -> Any:
    """Return the metric or function that a name stands for."""
    found = ALL_OBJECTS.get(identifier) if isinstance(identifier, str) else identifier
    if found is None:
        raise ValueError(f"expected one of {sorted(ALL_OBJECTS)}, got {identifier!r}")
    return found() if isinstance(found, type) else found
