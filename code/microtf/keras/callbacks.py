"""Callbacks: objects that the loops of a model call at fixed places.

Keras: keras/src/callbacks/callback.py, callback_list.py, history.py,
lambda_callback.py, learning_rate_scheduler.py. Those that watch a value: `monitors`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Logs = dict[str, Any] | None


class Callback:
    """Every hook is there, and does nothing; a subclass overrides what it needs."""

    model: Any = None
    params: dict[str, Any]

    def set_model(self, model: Any) -> None:
        """Learn which model calls."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Learn the numbers of epochs and steps."""
        self.params = params

    def on_train_begin(self, logs: Logs = None) -> None:
        """Before the first epoch of `fit`."""

    def on_train_end(self, logs: Logs = None) -> None:
        """After the last epoch of `fit`."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Before an epoch, with the metrics reset."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """After an epoch and its validation."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Before an execution; `batch` is its first step."""

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """After an execution; `batch` is its last step."""

    def on_test_begin(self, logs: Logs = None) -> None:
        """Before the first batch of an evaluation, the validation of `fit` included."""

    def on_test_end(self, logs: Logs = None) -> None:
        """After the last batch of an evaluation."""

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Before an execution of an evaluation."""

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """After an execution of an evaluation."""

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Before the first batch of `predict`."""

    def on_predict_end(self, logs: Logs = None) -> None:
        """After the last batch of `predict`."""

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Before an execution of `predict`."""

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """After an execution of `predict`."""


HOOKS = tuple(name for name in vars(Callback) if name.startswith("on_"))


class History(Callback):
    """What an epoch's logs said, as lists, epoch by epoch. `fit` returns it."""

    def __init__(self):
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: Logs = None) -> None:
        """Count epochs anew; the lists go on."""
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Append an epoch."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """Has the functions that it is given for hooks.

    >>> LambdaCallback(on_epoch_end=lambda epoch, logs: epoch + 1).on_epoch_end(3, {})
    4
    """

    def __init__(self, **hooks: Callable[..., None]):
        unknown = sorted(set(hooks) - set(HOOKS))
        if unknown:
            raise ValueError(f"expected names of hooks, got {unknown}; see HOOKS")
        vars(self).update(hooks)


class LearningRateScheduler(Callback):
    """Sets the rate before each epoch, to `schedule(epoch, rate)`."""

    def __init__(self, schedule: Callable[[int, float], float]):
        self.schedule = schedule

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Assign to the variable that the step reads."""
        optimizer = self.model.optimizer
        rate = float(optimizer.learning_rate.numpy())
        optimizer.learning_rate = self.schedule(epoch, rate)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Tell those that come later in the list."""
        log_learning_rate(self.model.optimizer, logs)


def log_learning_rate(optimizer: Any, logs: Logs) -> None:
    """Add the rate to the logs, for the callbacks that are called after this one."""
    if logs is not None:
        logs["learning_rate"] = float(optimizer.learning_rate.numpy())


class CallbackList(Callback):
    """Calls each hook on all callbacks, in order, with numbers in the logs."""

    def __init__(
        self,
        callbacks: Iterable[Callback] | None = None,
        add_history: bool = False,
        model: Any = None,
        **params: Any,
    ):
        self.callbacks = list(callbacks or ())
        histories = [c for c in self.callbacks if isinstance(c, History)]
        if add_history and not histories:
            histories = [History()]
            self.callbacks += histories
        if model is not None and histories:
            model.history = histories[-1]
        for callback in self.callbacks:
            callback.set_model(model)
            callback.set_params(params)

    def _call(self, hook: str, *numbers: int, logs: Logs) -> None:
        logs = pythonify_logs(logs)
        for callback in self.callbacks:
            getattr(callback, hook)(*numbers, logs)


def _pass_on(hook: str) -> Callable[..., None]:
    def plain(self: CallbackList, logs: Logs = None) -> None:
        self._call(hook, logs=logs)

    def numbered(self: CallbackList, number: int, logs: Logs = None) -> None:
        self._call(hook, number, logs=logs)

    return numbered if "batch" in hook or "epoch" in hook else plain


for _hook in HOOKS:
    setattr(CallbackList, _hook, _pass_on(_hook))


def as_callback_list(
    callbacks: Any, model: Any, add_history: bool, **params: Any
) -> Any:
    """Make a list, unless it is one, as in the validation of `fit`."""
    if isinstance(callbacks, CallbackList):
        return callbacks
    return CallbackList(callbacks, add_history, model, **params)


def pythonify_logs(logs: Logs) -> dict[str, Any]:
    """Return logs, sorted by name, with a float in place of each scalar tensor."""
    return {name: _to_float(value) for name, value in sorted((logs or {}).items())}


def _to_float(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):  # the outputs of `predict` are no scalars
        return value
