"""Wide & deep {cite}`cheng2016wide`: some inputs go straight to the output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

_register = keras.saving.register_keras_serializable(package="insidetf")


def wide_and_deep(wide: int, deep: int, units: Sequence[int] = (30, 30)) -> keras.Model:
    """Return the model as a graph of calls, with a second output on the deep stack.

    Args:
        wide, deep: how many features each of the two inputs has.
        units: the widths of the deep stack.

    {"wide": (B, wide), "deep": (B, deep)} to {"main": (B, 1), "auxiliary": (B, 1)}.
    """
    wide_input = keras.Input((wide,), name="wide")
    deep_input = keras.Input((deep,), name="deep")
    x = deep_input
    for width in units:
        x = keras.layers.Dense(width, activation="relu")(x)
    joined = keras.layers.concatenate([wide_input, x])
    outputs = {
        "main": keras.layers.Dense(1, name="main")(joined),
        "auxiliary": keras.layers.Dense(1, name="auxiliary")(x),
    }
    return keras.Model({"wide": wide_input, "deep": deep_input}, outputs)


@_register
class WideAndDeep(keras.Model):
    """The same model as a class, which does not know its inputs before it is called."""

    def __init__(self, units: Sequence[int] = (30, 30), **options: Any):
        super().__init__(**options)
        self.units = list(units)
        self.stack = [keras.layers.Dense(width, activation="relu") for width in units]
        self.main = keras.layers.Dense(1, name="main")
        self.auxiliary = keras.layers.Dense(1, name="auxiliary")

    def call(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Return both outputs for {"wide": (B, m), "deep": (B, n)}."""
        x = inputs["deep"]
        for layer in self.stack:
            x = layer(x)
        joined = keras.ops.concatenate([inputs["wide"], x], axis=-1)
        return {"main": self.main(joined), "auxiliary": self.auxiliary(x)}

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return super().get_config() | {"units": self.units}
