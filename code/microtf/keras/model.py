"""Models: layers that can be trained, saved, and summed up.

Keras: keras/src/models/model.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from microtf.keras.layer import Layer
from microtf.keras.trainer import Trainer


class Model(Trainer, Layer):
    """A layer with a training loop; or, given inputs and outputs, a graph of calls.

    A subclass makes layers in `__init__` and calls them in `call`.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Model:
        """Make a `Functional` instead if inputs and outputs are given."""
        if cls is Model and functional_init_arguments(args, kwargs):
            from microtf.keras.functional import Functional  # it imports this module

            return Functional.__new__(Functional, *args, **kwargs)
        return super().__new__(cls, *args, **kwargs)

    def __init__(self, *args: Any, **kwargs: Any):
        if functional_init_arguments(args, kwargs):
            from microtf.keras.functional import Functional

            inject_functional_model_class(type(self))
            Functional.__init__(self, *args, **kwargs)
        else:
            Layer.__init__(self, *args, **kwargs)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute; a subclass says how."""
        raise NotImplementedError(
            f"Model {type(self).__name__} does not have a `call()` method implemented"
        )

    @property
    def layers(self) -> list[Any]:
        """The layers that were noticed as attributes."""
        return list(self._layers)

    @layers.setter
    def layers(self, _: Any) -> NoReturn:
        raise AttributeError(
            "`Model.layers` attribute is reserved and should not be used: keep the "
            "layers under another name"
        )

    def get_layer(self, name: str) -> Any:
        """Return the layer of this name."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        known = [layer.name for layer in self.layers]
        raise ValueError(f"No such layer: {name}. Existing layers are: {known}.")

    def summary(self) -> list[tuple[str, str, Any, int]]:
        """Return a row for each layer: name, class, shape of the output, parameters.

        The shape is None for a layer that was never called on a KerasTensor.
        """
        return [
            (layer.name, type(layer).__name__, _shape_of(layer), layer.count_params())
            for layer in self.layers
        ]

    def save(self, filepath: str | Path) -> None:
        """Write the configuration and the weights to one file."""
        from microtf.keras.saving import save_model

        save_model(self, filepath)


def _shape_of(layer: Layer) -> Any:
    if not layer._inbound_nodes:
        return None
    shapes = [tensor.shape for tensor in layer._inbound_nodes[0].output_tensors]
    return shapes[0] if len(shapes) == 1 else shapes


def functional_init_arguments(args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Whether a constructor's arguments are inputs and outputs. They are counted.

    >>> functional_init_arguments(["in", "out"], {}), functional_init_arguments([1], {})
    (True, False)
    """
    if len(args) == 2 or (len(args) == 1 and "outputs" in kwargs):
        return True
    return "inputs" in kwargs and "outputs" in kwargs


def inject_functional_model_class(cls: type) -> type:
    """Put `Functional` in the place of `Model` among the bases of a class, for good."""
    from microtf.keras.functional import Functional

    if cls is Model:
        return Functional
    if cls is not Functional and issubclass(cls, Model):
        cls.__bases__ = tuple(map(inject_functional_model_class, cls.__bases__))
    return cls
