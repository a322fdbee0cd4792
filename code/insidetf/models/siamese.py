"""Siamese networks: one network for two pictures, and a distance between the results.

The idea is of {cite}`bromley1993signature`, the loss in `insidetf.losses` of
{cite}`hadsell2006contrastive`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

_register = keras.saving.register_keras_serializable(package="insidetf")


@_register
class EuclideanDistance(keras.layers.Layer):
    """The distance between two batches of vectors, (B, n) and (B, n) to (B,).

    Its slope is finite where two vectors are equal, by `epsilon` under the root.
    """

    def __init__(self, epsilon: float = 1e-7, **options: Any):
        super().__init__(**options)
        self.epsilon = epsilon

    def call(self, left: Any, right: Any) -> Any:
        """Return the distances, row by row."""
        squares = ops.sum(ops.square(left - right), axis=-1)
        return ops.sqrt(squares + self.epsilon)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return super().get_config() | {"epsilon": self.epsilon}


def digit_encoder(shape: Sequence[int], size: int = 2) -> keras.Model:
    """Return a small network from pictures (B, *shape) to vectors (B, size)."""
    return keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(size),
        ],
        name="encoder",
    )


def siamese(encoder: keras.Model) -> keras.Model:
    """Return a model of a pair of inputs whose output is their distance.

    Both go through `encoder`, so there is one set of weights: {"left": (B, ...),
    "right": (B, ...)} to (B,).
    """
    shape = encoder.inputs[0].shape[1:]
    left, right = keras.Input(shape, name="left"), keras.Input(shape, name="right")
    distance = EuclideanDistance(name="distance")(encoder(left), encoder(right))
    return keras.Model({"left": left, "right": right}, distance, name="siamese")


def verification_accuracy(
    distances: Any, same: Any, threshold: float | None = None
) -> tuple[float, float]:
    """Return how often `distance < threshold` says "same" rightly, and the threshold.

    Args:
        distances: (n,).
        same: (n,), 1 for pairs of one class, 0 for others.
        threshold: None for the best one on these pairs; choose it on other pairs than
            those that you report.
    """
    distances, same = np.ravel(distances), np.ravel(same).astype(bool)
    if distances.shape != same.shape:
        raise ValueError(
            f"expected one distance per pair, got {distances.size} of them for "
            f"{same.size} pairs"
        )
    if threshold is None:
        ordered = np.sort(distances)
        candidates = [*(ordered[1:] + ordered[:-1]) / 2, np.inf]
        threshold = max(candidates, key=lambda t: np.mean((distances < t) == same))
    return float(np.mean((distances < threshold) == same)), float(threshold)
