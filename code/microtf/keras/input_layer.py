"""Where a graph of calls begins. Keras: keras/src/layers/core/input_layer.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microtf.keras.keras_tensor import KerasTensor
from microtf.keras.layer import Layer
from microtf.keras.node import Node


class InputLayer(Layer):
    """A layer that is never called: its one node has an output, and no input."""

    def __init__(
        self,
        shape: Sequence[int | None],
        batch_size: int | None = None,
        dtype: str = "float32",
        name: str | None = None,
    ):
        super().__init__(name=name)
        self.batch_shape = (batch_size, *shape)
        self.dtype = dtype
        self.built = True
        Node(self, outputs=KerasTensor(self.batch_shape, dtype, name=self.name))

    def call(self) -> Any:
        """Refuse: what comes in is given to the model."""
        raise NotImplementedError("expected a model to be called, got its input layer")


def Input(  # noqa: N802, Keras's name
    shape: Sequence[int | None],
    batch_size: int | None = None,
    dtype: str = "float32",
    name: str | None = None,
) -> KerasTensor:
    """Return a symbolic tensor (batch_size, *shape) to call layers on.

    >>> Input((3,), name="x")
    <KerasTensor shape=(None, 3), dtype=float32, name=x>
    """
    return InputLayer(shape, batch_size, dtype, name).output
