"""Callbacks for work: count steps, stop on broken weights, log, back up, and draw.

Each of them repairs something that a callback of Keras leaves to its user; the chapter
`callback` shows what.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

Logs = dict[str, Any] | None


class EverySteps(keras.callbacks.Callback):
    """Calls `on_steps` after every so many steps, whatever an execution holds.

    A batch hook is called once for an execution, with the number of a step that need
    not exist. This counts the steps that were done, from the start of `fit` on, and
    without reading a variable. An execution that passes several multiples of `every`
    gives one call. Where the length of the data is unknown, the last execution of an
    epoch counts as a full one, however short it was.

    Args:
        every: a positive number of training steps.
    """

    def __init__(self, every: int = 1):
        super().__init__()
        if every < 1:
            raise ValueError(f"expected a positive number of steps, got {every}")
        self.every = every
        self.steps_done = self._steps_before = 0

    def on_steps(self, step: int, logs: Logs = None) -> None:
        """Do something; `step` steps of this training are done. Override this."""

    def on_train_begin(self, logs: Logs = None) -> None:
        """Count from zero."""
        self.steps_done = self._steps_before = 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Batches are numbered anew."""
        self._steps_before = self.steps_done

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Count, and call when a multiple of `every` was reached or passed."""
        in_epoch, length = batch + 1, (self.params or {}).get("steps")
        if length is not None:  # the last execution may be short
            in_epoch = min(in_epoch, length)
        before, self.steps_done = self.steps_done, self._steps_before + in_epoch
        if before // self.every < self.steps_done // self.every:
            self.on_steps(self.steps_done, logs)


class StopOnNonFiniteWeights(EverySteps):
    """Stops when a trainable weight holds NaN or infinity, and says which ones.

    `keras.callbacks.TerminateOnNaN` looks at the loss, which was computed before the
    update; the weights break one step earlier. The check is one graph and one number.

    Attributes:
        step: the number of steps after which a weight was broken, or None.
        broken: paths of the broken weights, in the order of the model.
    """

    def __init__(self, every: int = 1):
        super().__init__(every)
        self.step: int | None = None
        self.broken: list[str] = []

    def on_train_begin(self, logs: Logs = None) -> None:
        """Start anew, with a check for the weights that this training has."""
        super().on_train_begin(logs)
        self.step, self.broken = None, []

        def are_finite() -> tf.Tensor:
            weights = self.model.trainable_variables
            return tf.stack(
                [tf.reduce_all(tf.math.is_finite(w.value)) for w in weights]
            )

        self._are_finite = tf.function(are_finite, autograph=False)

    def on_steps(self, step: int, logs: Logs = None) -> None:
        """Look at all weights."""
        finite = self._are_finite().numpy()
        if not finite.all():
            weights = self.model.trainable_variables
            self.broken = [weights[i].path for i in np.flatnonzero(~finite)]
            self.step, self.model.stop_training = step, True


class JsonLines(keras.callbacks.Callback):
    """Writes one line of JSON for each epoch, with whatever the logs hold by then.

    `keras.callbacks.CSVLogger` fixes its columns in the first epoch. Lines need no
    columns, and a training that was broken off leaves all lines that it had.

    Args:
        path: the file; lines are added to what is there.
    """

    def __init__(self, path: str | Path):
        super().__init__()
        self.path = Path(path)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Add a line, and let the file be whole again at once."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"epoch": epoch, **(logs or {})}) + "\n")

    def read(self) -> list[dict[str, Any]]:
        """Return the lines of the file as dictionaries."""
        return [json.loads(line) for line in self.path.read_text().splitlines()]


class Backup(keras.callbacks.Callback):
    """Saves after each epoch what the next epoch depends on, random seeds included.

    ::

        backup = Backup("run.npz")
        start = backup.restore(model)  # 0 when there is no file
        model.fit(x, y, epochs=9, initial_epoch=start, callbacks=[..., backup])

    It belongs at the end of the list, so that it sees what the others have changed. The
    order of shuffled data and the counters of other callbacks are not in the file.

    Args:
        path: a file whose name ends in `.npz`.
    """

    def __init__(self, path: str | Path):
        super().__init__()
        self.path = Path(path)
        if self.path.suffix != ".npz":
            raise ValueError(f"expected a path that ends in .npz, got {self.path}")

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Write a new file, and put it in the place of the old one."""
        arrays = [v.numpy() for v in self._state(self.model)]
        unfinished = self.path.with_suffix(".part.npz")
        np.savez(unfinished, *arrays, epochs_done=np.array(epoch + 1))
        os.replace(unfinished, self.path)

    def restore(self, model: keras.Model) -> int:
        """Fill a built and compiled model, and return how many epochs were done."""
        if not self.path.exists():
            return 0
        model.optimizer.build(model.trainable_variables)
        with np.load(self.path) as file:
            saved = [file[f"arr_{i}"] for i in range(len(file.files) - 1)]
            epochs_done = int(file["epochs_done"])
        variables = self._state(model)
        shapes = [tuple(v.shape) for v in variables]
        if shapes != [a.shape for a in saved]:
            raise ValueError(
                f"expected variables of the shapes {[a.shape for a in saved]}, as in "
                f"{self.path}, got {shapes}; restore into the model that was saved"
            )
        for variable, array in zip(variables, saved, strict=True):
            variable.assign(array)
        return epochs_done

    @staticmethod
    def _state(model: keras.Model) -> list[keras.Variable]:
        metrics = {id(v) for metric in model.metrics for v in metric.variables}
        own = [v for v in model.variables if id(v) not in metrics]
        known = {id(v) for v in own}
        return own + [v for v in model.optimizer.variables if id(v) not in known]


class Predictions(keras.callbacks.Callback):
    """Keeps what a classifier says about a few pictures, epoch by epoch, and draws it.

    Args:
        images: float32 (n, height, width, 1) or (n, height, width, 3), as the model
            takes them; n is small.
        labels: int (n,), the right classes.
        from_logits: whether the model's outputs are logits, and no probabilities.

    Attributes:
        seen: for the start and for each epoch, probabilities float32 (n, classes).
    """

    def __init__(
        self, images: np.ndarray, labels: np.ndarray, from_logits: bool = True
    ):
        super().__init__()
        self.images, self.labels = images, labels
        self.from_logits = from_logits
        self.seen: list[np.ndarray] = []

    def on_train_begin(self, logs: Logs = None) -> None:
        """Ask the model before it has learned anything."""
        self.seen = []
        self._ask()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Ask it again."""
        self._ask()

    def _ask(self) -> None:
        # Of one batch: `predict` would build a pipeline in each epoch.
        outputs = self.model.predict_on_batch(self.images)
        self.seen.append(
            tf.nn.softmax(outputs).numpy() if self.from_logits else outputs
        )

    def draw(self) -> Figure:
        """Draw each picture above its probabilities: classes down, epochs across."""
        columns = len(self.images)
        figure, panels = plt.subplots(
            2, columns, figsize=(1.25 * columns, 3.4), height_ratios=(1, 1.7)
        )
        history = np.stack(self.seen, axis=-1)  # (n, classes, epochs + 1)
        for picture, label, past, (top, below) in zip(
            self.images, self.labels, history, panels.T, strict=True
        ):
            top.imshow(picture.squeeze(), cmap="gray_r", vmin=0, vmax=1)
            top.set_axis_off()
            below.imshow(past, cmap="viridis", vmin=0, vmax=1, aspect="auto")
            below.set(xticks=[0, past.shape[1] - 1], yticks=[int(label)])
        panels[1, 0].set(ylabel="class", xlabel="epoch")
        figure.tight_layout()
        return figure
