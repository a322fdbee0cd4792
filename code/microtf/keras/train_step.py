"""What a model does with one batch, and what `compile` keeps for it.

Keras: keras/src/trainers/trainer.py, and `train_step` and its kin in
keras/src/backend/tensorflow/trainer.py.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from microtf.backprop import GradientTape
from microtf.keras.adam import Adam, AdamW
from microtf.keras.compile_utils import CompileLoss, CompileMetrics
from microtf.keras.epoch_iterator import unpack_x_y_sample_weight
from microtf.keras.metric import Mean, Metric
from microtf.keras.optimizer import Optimizer
from microtf.keras.sgd import SGD
from microtf.math_ops import cast, ones_like, reduce_sum
from microtf.nest import flatten
from microtf.tensor import Tensor

OPTIMIZERS = {"sgd": SGD, "adam": Adam, "adamw": AdamW}


class TrainStep:
    """A mixin for something with `trainable_variables`, `losses`, and a call."""

    compiled = False
    steps_per_execution = 1
    run_eagerly = stop_training = False
    optimizer: Any = None
    loss: Any = None
    train_function = test_function = predict_function = None
    _compile_loss = _compile_metrics = _loss_tracker = None

    def compile(
        self,
        optimizer: str | Optimizer = "sgd",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
    ) -> None:
        """Keep all that a step needs, and forget the functions made for the last one.

        Nothing is computed, traced, or built here.
        """
        self.optimizer = _get_optimizer(optimizer)
        names = getattr(self, "output_names", None)
        if loss is not None:
            self._compile_loss = CompileLoss(loss, loss_weights, names)
            self.loss = loss  # to look at; the step uses the other one
        if metrics is not None or weighted_metrics is not None:
            self._compile_metrics = CompileMetrics(metrics, weighted_metrics, names)
        self._loss_tracker = Mean(name="loss")
        self.run_eagerly, self.steps_per_execution = run_eagerly, steps_per_execution
        self.train_function = self.test_function = self.predict_function = None
        self.compiled = True

    def train_step(self, data: tuple) -> dict[str, Any]:
        """Change the weights by one batch, and return the metrics so far."""
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, sample_weight, training=True)
        self._loss_tracker.update_state(loss, sample_weight=count_rows(x))
        weights = self.trainable_variables
        gradients = tape.gradient(loss, [weight.value for weight in weights])
        self.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def test_step(self, data: tuple) -> dict[str, Any]:
        """Update the metrics by one batch, and return them."""
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False)
        loss = self.compute_loss(x, y, y_pred, sample_weight, training=False)
        self._loss_tracker.update_state(loss, sample_weight=count_rows(x))
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def predict_step(self, data: tuple) -> Any:
        """Return the outputs for one batch."""
        return self(unpack_x_y_sample_weight(data)[0], training=False)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """Return the compiled loss and the terms that layers have added, summed."""
        terms = []
        if self._compile_loss is not None:
            terms.append(self._compile_loss(y, y_pred, sample_weight))
        terms += [reduce_sum(term) for term in self.losses]
        if not terms:
            raise ValueError(
                "expected something to compute a loss from, got neither an argument "
                "`loss` of `compile` nor a term of a layer; pass one"
            )
        return sum(terms[1:], start=terms[0])

    def compute_metrics(
        self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None
    ) -> dict[str, Any]:
        """Update the metrics of `compile`, and return the results of all."""
        if self._compile_metrics is not None:
            self._compile_metrics.update_state(y, y_pred, sample_weight)
        return self.get_metrics_result()

    @property
    def metrics(self) -> list[Metric]:
        """The running loss, those of `compile`, of the outputs, and of attributes."""
        own = [self._loss_tracker, self._compile_metrics]
        own += self._compile_loss.metrics if self._compile_loss is not None else []
        own += [value for value in vars(self).values() if isinstance(value, Metric)]
        return list({id(m): m for m in own if m is not None}.values())

    def reset_metrics(self) -> None:
        """Begin to count anew, in all metrics."""
        for metric in self.metrics:
            metric.reset_state()

    def get_metrics_result(self) -> dict[str, Any]:
        """Return the results of all metrics, by name."""
        results: dict[str, Any] = {}
        for metric in self.metrics:
            result = metric.result()
            results |= result if isinstance(result, dict) else {metric.name: result}
        return results

    def _get_metrics_result_or_logs(self, logs: Any) -> Any:
        """Ask the metrics after an epoch, unless a step returns something else."""
        results = self.get_metrics_result()
        return results if set(logs) == set(results) else logs

    def _flatten_metrics_in_order(self, logs: dict[str, float]) -> Any:
        """Return the values in the order of the metrics, then the rest by name."""
        names = [
            part.name
            for metric in self.metrics
            for part in getattr(metric, "metrics", [metric])
        ]
        rest = sorted(set(logs) - set(names))
        values = [logs[name] for name in [*names, *rest] if name in logs]
        return values[0] if len(values) == 1 else values


def count_rows(x: Any) -> Tensor:
    """Return the length of a batch, as a float32 scalar.

    A trace does not know it, and the miniature has no op for shapes: ones are counted.
    """
    first = flatten(x)[0]
    each = math.prod(first.shape[1:])
    return reduce_sum(cast(ones_like(first), np.float32)) / float(each)


def _get_optimizer(identifier: str | Optimizer) -> Optimizer:
    if isinstance(identifier, str):
        if identifier not in OPTIMIZERS:
            raise ValueError(
                f"expected an optimizer out of {sorted(OPTIMIZERS)}, got {identifier!r}"
            )
        return OPTIMIZERS[identifier]()
    return identifier
