"""Callbacks that watch one entry of the logs, and act when it gets no better.

Keras: keras/src/callbacks/monitor_callback.py, early_stopping.py, and
reduce_lr_on_plateau.py.
"""

from __future__ import annotations

import warnings
from typing import Any

from microtf.keras.callbacks import Callback, Logs, log_learning_rate


class MonitorCallback(Callback):
    """Knows which entry of the logs to look at, and what is better."""

    def __init__(
        self, monitor: str = "val_loss", mode: str = "auto", min_delta: float = 0.0
    ):
        if mode == "auto" and monitor.removeprefix("val_") == "loss":
            mode = "min"
        if mode not in ("min", "max"):
            raise ValueError(
                f"expected a loss, or a mode 'min' or 'max', got monitor={monitor!r} "
                f"and mode={mode!r}; say in which direction {monitor!r} improves"
            )
        self.monitor = monitor
        self.best: float | None = None
        self._sign = 1.0 if mode == "min" else -1.0
        self._min_delta = abs(min_delta)

    def current(self, logs: Logs) -> float | None:
        """Return the entry, or None and a warning: it may come in a later epoch."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            warnings.warn(
                f"expected {self.monitor!r} in the logs, got {sorted(logs or {})}; "
                f"nothing is done in this epoch",
                stacklevel=2,
            )
        return value

    def is_improvement(self, value: float, reference: float | None) -> bool:
        """Say whether a value is better by more than `min_delta`. NaN never is."""
        if reference is None:
            return True
        return self._sign * (value - reference) < -self._min_delta


class EarlyStopping(MonitorCallback):
    """Stops after `patience` epochs without an improvement.

    With `restore_best_weights`, the weights of the best epoch are put back when the
    training ends, whoever ended it. The optimizer stays where it is.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ):
        super().__init__(monitor, mode, min_delta)
        self.patience, self.baseline = patience, baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch

    def on_train_begin(self, logs: Logs = None) -> None:
        """Forget an earlier training, its best value included."""
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Compare, and remember or wait."""
        value = self.current(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        self.wait += 1
        if self.is_improvement(value, self.best):
            self._remember(epoch, value)
            if self.baseline is None or self.is_improvement(value, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def _remember(self, epoch: int, value: float) -> None:
        self.best, self.best_epoch = value, epoch
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()

    def on_train_end(self, logs: Logs = None) -> None:
        """Put the best weights back, if there are any, stopped or not."""
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


class ReduceLROnPlateau(MonitorCallback):
    """Multiplies the rate by `factor` after `patience` epochs without improvement."""

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ):
        super().__init__(monitor, mode, min_delta)
        if factor >= 1.0:
            raise ValueError(f"expected a factor below 1, got {factor}")
        self.factor, self.patience = factor, patience
        self.cooldown, self.min_lr = cooldown, min_lr

    def on_train_begin(self, logs: Logs = None) -> None:
        """Forget an earlier training."""
        self.best = None
        self.wait = self.cooldown_counter = 0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Compare, and reduce or wait. The logs get the rate of this epoch."""
        log_learning_rate(self.model.optimizer, logs)
        value = self.current(logs)
        if value is None:
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_improvement(value, self.best):
            self.best, self.wait = value, 0
        elif self.cooldown_counter == 0:
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(self.model.optimizer)

    def _reduce(self, optimizer: Any) -> None:
        rate = float(optimizer.learning_rate.numpy())
        if rate > self.min_lr:
            optimizer.learning_rate = max(rate * self.factor, self.min_lr)
            self.cooldown_counter, self.wait = self.cooldown, 0
