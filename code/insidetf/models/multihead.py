"""One trunk, several outputs: a model that answers several questions of one input.

`evaluate_by_hand` computes each number that `Model.evaluate` reports from the
predictions, in NumPy, and so says what they mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import layers

Arrays = Mapping[str, np.ndarray]


class Head(NamedTuple):
    """One output of a model.

    Attributes:
        classes: None for a number (mean squared error, metric "mae"), else how many
            classes there are (cross-entropy of logits, metric "accuracy").
        hidden: widths of layers that this output has for itself.
        weight: what its loss is multiplied with in the total.
        start: the bias of a number at first; its mean saves the way there.
    """

    classes: int | None = None
    hidden: Sequence[int] = ()
    weight: float = 1.0
    start: float = 0.0


def multihead(
    features: int, heads: Mapping[str, Head], trunk: Sequence[int] = (32,)
) -> keras.Model:
    """Return a compiled model, (B, features) to one output for each head, by name.

    A number comes as (B, 1), classes come as logits (B, classes).
    """
    if not heads:
        raise ValueError("expected one head or more, got none")
    inputs = keras.Input((features,), name="features")
    shared = _stack(inputs, trunk, "trunk")
    outputs = {}
    for name, head in heads.items():
        bias = keras.initializers.Constant(0.0 if head.classes else head.start)
        own = _stack(shared, head.hidden, name)
        output = layers.Dense(head.classes or 1, bias_initializer=bias, name=name)
        outputs[name] = output(own)
    model = keras.Model(inputs, outputs, name="multihead")
    compile_heads(model, heads)
    return model


def compile_heads(
    model: keras.Model, heads: Mapping[str, Head], optimizer: Any = "adam"
) -> None:
    """Compile with a loss, a weight, and a metric for each head, all of them by name.

    A list in the place of a dictionary would be matched with the outputs in the order
    of their sorted names.
    """
    model.compile(
        optimizer,
        loss={name: _loss(head) for name, head in heads.items()},
        loss_weights={name: head.weight for name, head in heads.items()},
        metrics={
            name: ["accuracy" if head.classes else "mae"]
            for name, head in heads.items()
        },
    )


def evaluate_by_hand(
    predictions: Arrays, y: Arrays, heads: Mapping[str, Head], batch_size: int = 32
) -> dict[str, float]:
    """Return what `evaluate(x, y, batch_size, return_dict=True)` reports, and why so.

    - `<name>_mae`, `<name>_accuracy`: means over all examples.
    - `loss`: the weighted sum of the heads' losses, as a mean over all examples.
    - `<name>_loss`: without the weight; the mean of the batches' means, in which a last
      batch of three examples counts as much as a full one, since the traced step knows
      no number of examples for them (seen in Keras 3.15).

    Args:
        predictions: what `model.predict` returns.
        y: a number or a class for each example, (n,), for each head.
        heads: as they were given to `multihead`.
        batch_size: as it was given to `evaluate`.
    """
    report, total = {}, 0.0
    for name, head in heads.items():
        losses, metric = _per_example(predictions[name], y[name], head)
        batches = np.split(losses, range(batch_size, len(losses), batch_size))
        report[f"{name}_loss"] = float(np.mean([batch.mean() for batch in batches]))
        report[f"{name}_{'accuracy' if head.classes else 'mae'}"] = float(metric.mean())
        total += head.weight * float(losses.mean())
    return {"loss": total, **report}


def _per_example(
    prediction: np.ndarray, y: np.ndarray, head: Head
) -> tuple[np.ndarray, np.ndarray]:
    """Return the loss and the metric of each example, (n,) and (n,)."""
    if head.classes is None:
        error = prediction[:, 0].astype(np.float64) - y
        return error**2, np.abs(error)
    logits = prediction.astype(np.float64)
    logits = logits - logits.max(axis=-1, keepdims=True)
    chosen = np.take_along_axis(logits, y[:, None], axis=-1)[:, 0]
    losses = np.log(np.exp(logits).sum(axis=-1)) - chosen
    return losses, (prediction.argmax(axis=-1) == y).astype(np.float64)


def _loss(head: Head) -> keras.losses.Loss:
    if head.classes is None:
        return keras.losses.MeanSquaredError()
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def _stack(x: Any, widths: Sequence[int], name: str) -> Any:
    for number, width in enumerate(widths):
        x = layers.Dense(width, activation="relu", name=f"{name}_{number}")(x)
    return x
