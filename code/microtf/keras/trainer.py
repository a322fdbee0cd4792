"""Training as a mixin: `compile` keeps what a step needs, `fit` repeats it.

Keras: keras/src/trainers/trainer.py and keras/src/backend/tensorflow/trainer.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microtf.keras.callbacks import History, as_callback_list, pythonify_logs
from microtf.keras.epoch_iterator import (
    EpochIterator,
    train_validation_split,
    unpack_x_y_sample_weight,
)
from microtf.keras.train_function import make_function
from microtf.keras.train_step import TrainStep
from microtf.nest import flatten, pack_sequence_as

Logs = dict[str, float]


class Trainer(TrainStep):
    """The loops over a model's steps; the steps are in `TrainStep`."""

    def make_train_function(self, force: bool = False) -> Callable[..., Any]:
        """Make what runs the train step, unless it is there already."""
        return self._make("train_function", self.train_step, force)

    def make_test_function(self, force: bool = False) -> Callable[..., Any]:
        """Make what runs the test step, unless it is there already."""
        return self._make("test_function", self.test_step, force)

    def make_predict_function(self, force: bool = False) -> Callable[..., Any]:
        """Make what runs the predict step, unless it is there already."""
        return self._make("predict_function", self.predict_step, force)

    def _make(self, name: str, step: Callable[..., Any], force: bool) -> Any:
        if getattr(self, name) is None or force:
            # Predictions of several steps would have to be joined: one at a time.
            steps = 1 if name == "predict_function" else self.steps_per_execution
            setattr(self, name, make_function(step, steps, self.run_eagerly))
        return getattr(self, name)

    def fit(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: tuple | None = None,
        shuffle: bool = True,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        validation_freq: int = 1,
        seed: int | None = None,
    ) -> History:
        """Train on arrays, and return the history; `seed` is for the shuffling."""
        self._assert_compile_called("fit")
        data = (x, y, sample_weight)
        if validation_split and validation_data is None:
            data, validation_data = train_validation_split(data, validation_split)
        epoch_iterator = self._iterate(data, batch_size, shuffle, seed)
        steps = epoch_iterator.num_batches
        callbacks = as_callback_list(callbacks, self, True, epochs=epochs, steps=steps)
        self.stop_training = False
        self.make_train_function()
        callbacks.on_train_begin()
        logs: Logs = {}
        for epoch in range(initial_epoch, epochs):
            self.reset_metrics()  # so a hook that evaluates now leaves its numbers
            callbacks.on_epoch_begin(epoch)
            logs = self._train_epoch(epoch_iterator, callbacks)
            if validation_data is not None and (epoch + 1) % validation_freq == 0:
                logs |= self._validate(validation_data, batch_size, callbacks)
            callbacks.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        if self.optimizer is not None and epochs > 0:
            self.optimizer.finalize_variable_values(self.trainable_variables)
        callbacks.on_train_end(logs)
        return self.history

    def _train_epoch(self, epoch_iterator: EpochIterator, callbacks: Any) -> Logs:
        logs: Any = {}
        for begin_step, end_step, iterator in epoch_iterator:
            callbacks.on_train_batch_begin(begin_step)
            logs = self.train_function(iterator)
            callbacks.on_train_batch_end(end_step, logs)
            if self.stop_training:
                break
        return pythonify_logs(self._get_metrics_result_or_logs(logs))

    def _validate(self, data: tuple, batch_size: int | None, callbacks: Any) -> Logs:
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        logs = self.evaluate(
            x, y, batch_size, sample_weight, callbacks, return_dict=True
        )
        return {f"val_{name}": value for name, value in logs.items()}

    def evaluate(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        sample_weight: Any = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Return loss and metrics over arrays, as a list in order, or a dictionary."""
        self._assert_compile_called("evaluate")
        epoch_iterator = self._iterate((x, y, sample_weight), batch_size)
        steps = epoch_iterator.num_batches
        callbacks = as_callback_list(callbacks, self, False, epochs=1, steps=steps)
        self.make_test_function()
        callbacks.on_test_begin()
        self.reset_metrics()  # those of training, too: they are the same
        logs: Any = {}
        for begin_step, end_step, iterator in epoch_iterator:
            callbacks.on_test_batch_begin(begin_step)
            logs = self.test_function(iterator)
            callbacks.on_test_batch_end(end_step, logs)
        logs = pythonify_logs(self._get_metrics_result_or_logs(logs))
        callbacks.on_test_end(logs)
        return logs if return_dict else self._flatten_metrics_in_order(logs)

    def predict(
        self, x: Any, batch_size: int | None = None, callbacks: Any = None
    ) -> Any:
        """Return the outputs for arrays, as arrays; one batch is one execution."""
        epoch_iterator = EpochIterator(x, batch_size=batch_size)
        steps = epoch_iterator.num_batches
        callbacks = as_callback_list(callbacks, self, False, epochs=1, steps=steps)
        self.make_predict_function()
        callbacks.on_predict_begin()
        outputs: list[Any] = []
        for begin_step, end_step, iterator in epoch_iterator:
            callbacks.on_predict_batch_begin(begin_step)
            outputs.append(self.predict_function(iterator))
            callbacks.on_predict_batch_end(end_step, {"outputs": outputs[-1]})
        callbacks.on_predict_end()
        leaves = zip(*map(flatten, outputs), strict=True)
        arrays = [
            np.concatenate([tensor.numpy() for tensor in leaf]) for leaf in leaves
        ]
        return pack_sequence_as(outputs[0], arrays)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Do one step on one batch, and return its loss and metrics."""
        self._assert_compile_called("train_on_batch")
        self.make_train_function()
        return self._on_batch(self.train_function, (x, y, sample_weight), return_dict)

    def test_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Return loss and metrics of one batch, and change no weight."""
        self._assert_compile_called("test_on_batch")
        self.make_test_function()
        return self._on_batch(self.test_function, (x, y, sample_weight), return_dict)

    def _on_batch(self, function: Any, data: tuple, return_dict: bool) -> Any:
        self.reset_metrics()
        # One batch of all there is: an iterator has it, as in an epoch of one step.
        rows = len(flatten(data[0])[0])
        ((_, _, iterator),) = EpochIterator(*data, batch_size=rows)
        logs = pythonify_logs(function(iterator))
        return logs if return_dict else self._flatten_metrics_in_order(logs)

    def _iterate(
        self,
        data: tuple,
        batch_size: int | None,
        shuffle: bool = False,
        seed: int | None = None,
    ) -> EpochIterator:
        # The number of steps is asked for now, whatever the traces were made for.
        return EpochIterator(*data, batch_size, shuffle, self.steps_per_execution, seed)

    def _assert_compile_called(self, method_name: str) -> None:
        if not self.compiled:
            raise ValueError(
                f"expected a compiled model, got one without optimizer and loss; call "
                f"`compile()` before `{method_name}()`"
            )
