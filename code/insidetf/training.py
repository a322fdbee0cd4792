"""One training step, run in four ways: by Python, in a trace, in one trace, by `fit`.

`EagerLoop`, `StepLoop`, and `EpochLoop` are custom loops that differ in what is traced.
`StepModel` brings the same step under `Model.fit`, and `Adversarial` one that `compile`
cannot express. From equal weights and data all have equal losses, step by step.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

Batch = tuple[tf.Tensor, tf.Tensor]


class EagerLoop:
    """A custom loop in which Python runs every op of every step.

    Args:
        model: a built model.
        optimizer: an optimizer of the loop's own; it is built here, for the weights
            that are trainable now.
        loss: called with labels and predictions, returns a scalar.
        metrics: metrics without those of other models.

    Attributes:
        history: what `fit` of Keras has in `history.history`.
        step_losses: for each epoch, the losses of its steps, float32 (steps,).
    """

    def __init__(
        self,
        model: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
        metrics: Sequence[keras.metrics.Metric] = (),
    ):
        self.model, self.optimizer, self.loss = model, optimizer, loss
        self.metrics = [keras.metrics.Mean(name="loss"), *metrics]
        self.history: dict[str, list[float]] = {}
        self.step_losses: list[np.ndarray] = []
        optimizer.build(model.trainable_variables)  # not in a trace, nor in a branch

    def train_step(self, x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
        """Change the weights and the metrics by one batch, and return its loss."""
        weights = self.model.trainable_variables
        with tf.GradientTape() as tape:
            y_pred = self.model(x, training=True)
            loss = tf.add_n([self.loss(y, y_pred), *self.model.losses])
            scaled = self.optimizer.scale_loss(loss)
        self.optimizer.apply(tape.gradient(scaled, weights), weights)
        self.update_metrics(x, y, y_pred, loss)
        return loss

    def test_step(self, x: tf.Tensor, y: tf.Tensor) -> None:
        """Change the metrics by one batch."""
        y_pred = self.model(x, training=False)
        loss = tf.add_n([self.loss(y, y_pred), *self.model.losses])
        self.update_metrics(x, y, y_pred, loss)

    def update_metrics(
        self, x: tf.Tensor, y: tf.Tensor, y_pred: tf.Tensor, loss: tf.Tensor
    ) -> None:
        """Weigh a batch's loss by its length, as `fit` does; the last may be short."""
        running, *others = self.metrics
        running.update_state(loss, sample_weight=tf.shape(x)[0])
        for metric in others:
            metric.update_state(y, y_pred)

    def train_epoch(self, dataset: tf.data.Dataset) -> tf.Tensor:
        """Take the step on each batch, and return the losses."""
        return tf.stack([self.train_step(x, y) for x, y in dataset])

    def test_epoch(self, dataset: tf.data.Dataset) -> None:
        """Take the test step on each batch."""
        for x, y in dataset:
            self.test_step(x, y)

    def fit(
        self,
        dataset: tf.data.Dataset,
        epochs: int = 1,
        validation_data: tf.data.Dataset | None = None,
    ) -> dict[str, list[float]]:
        """Train for some epochs, and return the history of all calls.

        The elements of both datasets are batches `(x, y)`.
        """
        for _ in range(epochs):
            self.reset_metrics()
            self.step_losses.append(self.train_epoch(dataset).numpy())
            logs = self.results()
            if validation_data is not None:
                self.reset_metrics()
                self.test_epoch(validation_data)
                logs |= {f"val_{name}": v for name, v in self.results().items()}
            for name, value in logs.items():
                self.history.setdefault(name, []).append(value)
        return self.history

    def reset_metrics(self) -> None:
        """Begin to count anew."""
        for metric in self.metrics:
            metric.reset_state()

    def results(self) -> dict[str, float]:
        """Return what the metrics say now, and wait for it."""
        return {metric.name: float(metric.result()) for metric in self.metrics}


class StepLoop(EagerLoop):
    """A custom loop in which Python calls one compiled function per step."""

    def __init__(self, *args: Any, jit_compile: bool | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        options = {"reduce_retracing": True, "jit_compile": jit_compile}
        self.train_step = tf.function(self.train_step, **options)
        self.test_step = tf.function(self.test_step, **options)


class EpochLoop(StepLoop):
    """A custom loop in which Python calls one compiled function per epoch.

    Datasets have to know their length: raises ValueError for others.
    """

    def train_epoch(self, dataset: tf.data.Dataset) -> tf.Tensor:
        """Take all steps in the graph, and return the losses."""
        return self._train_epoch(iter(dataset), _length(dataset))

    def test_epoch(self, dataset: tf.data.Dataset) -> None:
        """Take all test steps in the graph."""
        self._test_epoch(iter(dataset), _length(dataset))

    @tf.function
    def _train_epoch(self, batches: Any, steps: tf.Tensor) -> tf.Tensor:
        losses = tf.TensorArray(tf.float32, steps)
        # Over numbers, not over the dataset: that would be an op for whole datasets,
        # which runs its function without much of what makes functions fast.
        for step in tf.range(steps):
            x, y = next(batches)
            losses = losses.write(step, self.train_step(x, y))
        return losses.stack()

    @tf.function
    def _test_epoch(self, batches: Any, steps: tf.Tensor) -> None:
        for _ in tf.range(steps):
            x, y = next(batches)
            self.test_step(x, y)


def _length(dataset: tf.data.Dataset) -> tf.Tensor:
    length = dataset.cardinality()
    if length < 0:
        raise ValueError(
            "expected a dataset that knows its finite length, got the cardinality "
            f"{length}; set it with `tf.data.experimental.assert_cardinality`"
        )
    return tf.cast(length, tf.int32)


class StepModel(keras.Model):
    """A model that `fit` trains by a step of its own.

    Make it like a functional model, `StepModel(inputs, outputs)`, and compile it. The
    step does what Keras's does, and tells in its logs the loss of the batch alone.
    """

    def objective(self, x: Any, y: Any, sample_weight: Any = None) -> tuple:
        """Return the loss of a batch, and the predictions for the metrics."""
        y_pred = self(x, training=True)
        loss = self.compute_loss(x, y, y_pred, sample_weight, training=True)
        return loss, y_pred

    def train_step(self, data: tuple) -> dict[str, tf.Tensor]:
        """Change weights and metrics by one batch, and return the metrics so far."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss, y_pred = self.objective(x, y, sample_weight)
            scaled = self.optimizer.scale_loss(loss)
        weights = self.trainable_variables
        self.optimizer.apply(tape.gradient(scaled, weights), weights)
        for metric in self.metrics:  # the first is the running mean of the loss
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=tf.shape(y_pred)[0])
        logs = self.compute_metrics(x, y, y_pred, sample_weight)
        return {**logs, "step_loss": loss}


class Adversarial(StepModel):
    """A model that learns each example together with a neighbor that it gets wrong.

    The neighbor is a step of `epsilon` away in every feature, in the direction that
    raises the loss (Goodfellow et al., 2015). Metrics are those of the examples. The
    step belongs to this class: to save the network, save `Model(inputs, outputs)`.
    """

    def __init__(self, *args: Any, epsilon: float = 0.1, **kwargs: Any):
        if epsilon < 0:
            raise ValueError(f"expected a distance of at least 0, got {epsilon}")
        super().__init__(*args, **kwargs)
        self.epsilon = epsilon

    def neighbors(self, x: Any, y: Any) -> tf.Tensor:
        """Return an example for each example of `x`, at the distance `epsilon`."""
        return neighbors(self, lambda p: self.compute_loss(x, y, p), x, self.epsilon)

    def objective(self, x: Any, y: Any, sample_weight: Any = None) -> tuple:
        """Return the mean of the losses of the examples and of their neighbors."""
        near = self.neighbors(x, y)
        loss, y_pred = super().objective(x, y, sample_weight)
        worse, _ = super().objective(near, y, sample_weight)
        return (loss + worse) / 2, y_pred


def neighbors(
    model: keras.Model,
    loss: Callable[[tf.Tensor], tf.Tensor],
    x: Any,
    epsilon: float,
) -> tf.Tensor:
    """Return `x` moved by `epsilon` in every feature, to where the loss is higher.

    `loss` takes predictions and returns a scalar. No gradient runs through the result.
    """
    x = tf.convert_to_tensor(x)
    # The weights are left alone: their gradients would cost, and nobody asks for them.
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        value = loss(model(x, training=False))
    return tf.stop_gradient(x + epsilon * tf.sign(tape.gradient(value, x)))


class StepLosses(keras.callbacks.Callback):
    """Collects under `fit` what a `StepModel` tells of each step.

    `step_losses` has for each epoch the losses of its steps, float32 (steps,). With
    `steps_per_execution`, only the last step of each execution is heard of.
    """

    def __init__(self):
        super().__init__()
        self.step_losses: list[np.ndarray] = []
        self._epoch: list[float] = []

    def on_train_batch_end(self, batch: int, logs: Mapping | None = None) -> None:
        """Note the loss of a step."""
        self._epoch.append(logs["step_loss"])

    def on_epoch_end(self, epoch: int, logs: Mapping | None = None) -> None:
        """Close an epoch."""
        self.step_losses.append(np.array(self._epoch, np.float32))
        self._epoch = []


def race(
    contestants: Mapping[str, Callable[[], Any]], rounds: int = 5
) -> dict[str, float]:
    """Return the shortest time of each contestant in seconds, taken in turns.

    Each runs once before the clock starts, to trace and compile. Taking turns lets a
    busy machine disturb all alike, and the shortest time is the least disturbed.

    >>> times = race({"idle": lambda: None, "busy": lambda: sum(range(9999))})
    >>> times["idle"] < times["busy"]
    True
    """
    for run in contestants.values():
        run()
    times = {name: float("inf") for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            times[name] = min(times[name], time.perf_counter() - start)
    return times
