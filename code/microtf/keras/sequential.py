"""Sequential: a list of layers, from which a graph of calls is made when it changes.

Keras: keras/src/models/sequential.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microtf.keras.functional import Functional
from microtf.keras.input_layer import InputLayer
from microtf.keras.keras_tensor import KerasTensor
from microtf.keras.layer import Layer
from microtf.keras.model import Model
from microtf.trackable import AutoTrackable


class Sequential(Model):
    """Layers one behind the other: a list outside, a `Functional` inside.

    Without an `Input` in front, the `Functional` has to wait for the first batch.
    """

    def __init__(self, layers: Sequence[Any] = (), name: str | None = None):
        super().__init__(name=name)
        self._forget()
        for layer in layers:
            self.add(layer, rebuild=False)
        if layers:
            self._maybe_rebuild()

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Put a layer, or what `Input` returned, on top."""
        if isinstance(layer, KerasTensor):
            layer = layer._keras_history.operation
        if not isinstance(layer, Layer):
            raise ValueError(
                "Only instances of `Layer` can be added to a Sequential model. "
                f"Received: {layer} (of type {type(layer)})"
            )
        if any(layer.name == x.name and layer is not x for x in self._layers):
            raise ValueError(
                "All layers added to a Sequential model should have unique names. Name "
                f"{layer.name!r} is already the name of a layer in this model"
            )
        self._layers.append(layer)  # not through the tracker: a lock is no use here
        if rebuild:
            self._maybe_rebuild()
        else:
            self._forget()

    def pop(self) -> Layer:
        """Take the last layer away, and return it."""
        layer = self._layers.pop()
        self._maybe_rebuild()
        return layer

    def _forget(self) -> None:
        self.built = False
        # No layer of this model, but an edge that a checkpoint follows.
        AutoTrackable.__setattr__(self, "_functional", None)

    def _maybe_rebuild(self) -> None:
        self._forget()
        if len(self._layers) > 1 and isinstance(self._layers[0], InputLayer):
            self.build(self._layers[0].batch_shape)

    def build(self, input_shape: Any) -> None:
        """Call the layers on a symbolic input, and keep the graph of these calls."""
        if not self._layers:
            raise ValueError(
                f"Sequential model {self.name} cannot be built because it has no "
                "layers. Call `model.add(layer)`"
            )
        if not _is_shape(input_shape):
            return  # several inputs: the layers are called one by one
        if not isinstance(self._layers[0], InputLayer):
            self._layers.insert(0, InputLayer(input_shape[1:], input_shape[0]))
        if self._layers[0].batch_shape != tuple(input_shape):
            raise ValueError(
                f"Sequential model {self.name!r} has already been configured to use "
                f"input shape {self._layers[0].batch_shape}. You cannot build it with "
                f"input_shape {input_shape}"
            )
        inputs = outputs = self._layers[0].output
        for layer in self._layers[1:]:
            outputs = layer(outputs)
        AutoTrackable.__setattr__(self, "_functional", Functional(inputs, outputs))

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Run the graph of calls; without one, call layer by layer."""
        if self._functional is not None:
            return self._functional.call(inputs, training=training)
        for layer in self.layers:
            inputs = layer(inputs)
        return inputs

    def compute_output_spec(self, inputs: Any, training: bool | None = None) -> Any:
        """Return symbolic outputs."""
        if self._functional is None:
            return super().compute_output_spec(inputs, training=training)
        return self._functional.compute_output_spec(inputs, training=training)

    @property
    def layers(self) -> list[Layer]:
        """The layers that were added, without the `InputLayer` in front of them."""
        return [x for x in self._layers if not isinstance(x, InputLayer)]

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs. Raises AttributeError until there are any."""
        return self._graph("inputs").inputs

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs. Raises AttributeError until there are any."""
        return self._graph("outputs").outputs

    def _graph(self, wish: str) -> Functional:
        if self._functional is None:
            raise AttributeError(
                f"Sequential model {self.name!r} has no defined {wish} yet: put an "
                "`Input` in front, or call it"
            )
        return self._functional

    def get_config(self) -> dict[str, Any]:
        """Return the layers' configurations, the `InputLayer`'s among them."""
        from microtf.keras.serialization import serialize_keras_object

        layers = [serialize_keras_object(layer) for layer in self._layers]
        return {"name": self.name, "layers": layers}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Sequential:
        """Make the layers anew, and stack them."""
        from microtf.keras.serialization import deserialize_keras_object

        layers = [
            deserialize_keras_object(x) if isinstance(x, dict) else x
            for x in config["layers"]
        ]
        return cls(layers, name=config["name"])


def _is_shape(shape: Any) -> bool:
    if not isinstance(shape, tuple | list):
        return False
    return all(n is None or isinstance(n, int) for n in shape)
