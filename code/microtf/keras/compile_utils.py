"""What `compile` makes of its arguments: one loss, and a list of named metrics.

Both wait for the first batch, since only shapes say what "accuracy" is to mean.
Keras: keras/src/trainers/compile_utils.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from microtf.keras import losses as losses_module
from microtf.keras import metrics as metrics_module
from microtf.keras.compile_outputs import (
    Names,
    in_order,
    one_for_each,
    resolve_names,
)
from microtf.keras.loss import Loss
from microtf.keras.metric import Mean, MeanMetricWrapper, Metric
from microtf.tensor import Tensor


def get_loss(identifier: Any) -> Loss | None:
    """Return a `Loss`: a function is wrapped, and takes its own name along."""
    if identifier is None:
        return None
    loss = losses_module.get(identifier)
    if isinstance(loss, Loss):
        return loss
    name = identifier if isinstance(identifier, str) else None
    return losses_module.LossFunctionWrapper(loss, name=name)


def get_metric(identifier: Any, y_true: Tensor, y_pred: Tensor) -> Metric:
    """Return a `Metric`; which accuracy is meant, the shapes say."""
    if identifier in ("accuracy", "acc"):
        binary = y_pred.shape[-1] == 1
        kind = "BinaryAccuracy" if binary else "SparseCategoricalAccuracy"
        metric = metrics_module.get(kind)
    else:
        metric = metrics_module.get(identifier)
    if not isinstance(metric, Metric):
        metric = MeanMetricWrapper(metric)
    if isinstance(identifier, str):
        metric.name = identifier
    return metric


class CompileLoss:
    """The total loss of all outputs, and the running mean of each."""

    def __init__(self, loss: Any, loss_weights: Any = None, output_names: Names = None):
        self._user_loss, self._user_loss_weights = loss, loss_weights
        self.output_names = output_names
        self.built = False
        self.metrics: list[Mean] = []

    def build(self, y_pred: Any) -> None:
        """Find a loss, a weight, and a name for each output."""
        self._names = resolve_names(y_pred, self.output_names)
        outputs = len(in_order(y_pred, self._names))
        losses = one_for_each(self._user_loss, self._names, outputs, "loss")
        weights = one_for_each(
            self._user_loss_weights, self._names, outputs, "loss_weights"
        )
        self._flat_losses = [
            (index, get_loss(loss), weight)
            for index, (loss, weight) in enumerate(zip(losses, weights, strict=True))
            if loss is not None
        ]
        if len(self._flat_losses) > 1:  # else the model's own mean says it all
            names = self._names or [loss.name for _, loss, _ in self._flat_losses]
            for index, _, _ in self._flat_losses:
                self.metrics.append(Mean(name=f"{names[index]}_loss"))
        self.built = True

    @property
    def variables(self) -> list[Any]:
        """The variables of the running means."""
        return [v for metric in self.metrics for v in metric.variables]

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """Return the weighted sum of all outputs' losses, and note each of them."""
        if not self.built:
            self.build(y_pred)
        y_true, y_pred = in_order(y_true, self._names), in_order(y_pred, self._names)
        given = in_order(sample_weight, self._names)
        given = given * len(y_pred) if len(given) == 1 else given
        total = None
        for number, (index, loss, weight) in enumerate(self._flat_losses):
            value = loss(y_true[index], y_pred[index], given[index])
            if self.metrics:  # before `loss_weights`, in contrast to the total
                # None in a graph for batches of any size, and then each counts as 1.
                batch = y_pred[index].shape[0]
                self.metrics[number].update_state(value, sample_weight=batch)
            value = value if weight is None else value * weight
            total = value if total is None else total + value
        return total


class CompileMetrics(Metric):
    """All metrics of `compile` as one, whose result is a dictionary.

    A metric in `metrics` never hears of sample weights, one in `weighted_metrics` does.
    """

    def __init__(
        self,
        metrics: Any,
        weighted_metrics: Any = None,
        output_names: Names = None,
    ):
        super().__init__("compile_metrics")
        self._user_metrics = (metrics, weighted_metrics)
        self.output_names = output_names
        self.built = False
        # For `metrics` and `weighted_metrics`: (output, its name, a metric).
        self._flat: list[list[tuple[int, str | None, Metric]]] = [[], []]

    @property
    def metrics(self) -> list[Metric]:
        """The metrics, in order; none before the first batch."""
        return [metric for half in self._flat for _, _, metric in half]

    @property
    def variables(self) -> list[Any]:
        """The variables of all metrics."""
        return [v for metric in self.metrics for v in metric.variables]

    def build(self, y_true: Any, y_pred: Any) -> None:
        """Make the metrics, now that the shapes are known."""
        self._names = resolve_names(y_pred, self.output_names)
        pairs = list(
            zip(
                in_order(y_true, self._names),
                in_order(y_pred, self._names),
                strict=True,
            )
        )
        for half, given in zip(self._flat, self._user_metrics, strict=True):
            half += self._build_half(given, pairs)
        self.built = True

    def _build_half(self, given: Any, pairs: list[Any]) -> Iterator[Any]:
        if not given:
            return
        several = len(pairs) > 1
        entries = (
            one_for_each(given, self._names, len(pairs), "metrics")
            if several
            else [given]
        )
        for index, entry in enumerate(entries):
            for identifier in in_order(entry, None) if entry else ():
                name = self._names[index] if several and self._names else None
                yield index, name, get_metric(identifier, *pairs[index])

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Pass a batch on to all metrics, with its weights to those that want them."""
        if not self.built:
            self.build(y_true, y_pred)
        y_true, y_pred = in_order(y_true, self._names), in_order(y_pred, self._names)
        weights = in_order(sample_weight, self._names)
        weights = weights * len(y_pred) if len(weights) == 1 else weights
        unweighted, weighted = self._flat
        for index, _, metric in unweighted:
            metric.update_state(y_true[index], y_pred[index])
        for index, _, metric in weighted:
            metric.update_state(y_true[index], y_pred[index], weights[index])

    def result(self) -> dict[str, Any]:
        """Return each metric's value under a name of its own."""
        if not self.built:
            raise ValueError("expected a batch before the first result, got none")
        results: dict[str, Any] = {}
        for half, prefix in zip(self._flat, ("", "weighted_"), strict=True):
            for _, output, metric in half:
                front = f"{output}_" if output else ""
                name = front + metric.name
                if name in results:
                    name = _unused(front + prefix + metric.name, results)
                results[name] = metric.result()
        return results


def _unused(name: str, taken: dict[str, Any]) -> str:
    numbered = (f"{name}_{number}" for number in itertools.count(1))
    return next(n for n in itertools.chain([name], numbered) if n not in taken)
