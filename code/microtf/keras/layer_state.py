"""What a layer keeps: variables, layers within it, and terms of the loss.

Keras: `Layer` in keras/src/layers/layer.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from microtf.keras import initializers
from microtf.keras.operation import Operation
from microtf.keras.seed_generator import SeedGenerator
from microtf.keras.tracking import Tracker
from microtf.keras.variable import Variable
from microtf.tensor import Tensor, convert_to_tensor
from microtf.trackable import AutoTrackable


class LayerState(AutoTrackable, Operation):
    """The state of a layer, found by what is assigned to its attributes."""

    def __init__(self, trainable: bool = True, name: str | None = None):
        super().__init__(name)
        self._trainable_variables: list[Variable] = []
        self._non_trainable_variables: list[Variable] = []
        self._layers: list[LayerState] = []
        self._seed_generators: list[SeedGenerator] = []
        self._losses: list[Tensor] = []
        self._trainable, self.built = trainable, False
        self._tracker = Tracker(
            {
                "trainable_variables": (
                    lambda x: isinstance(x, Variable) and x.trainable,
                    self._trainable_variables,
                ),
                "non_trainable_variables": (
                    lambda x: isinstance(x, Variable) and not x.trainable,
                    self._non_trainable_variables,
                ),
                "layers": (lambda x: isinstance(x, LayerState), self._layers),
                "seed_generators": (
                    lambda x: isinstance(x, SeedGenerator),
                    self._seed_generators,
                ),
            }
        )

    def __setattr__(self, name: str, value: Any) -> None:
        if "_tracker" not in self.__dict__:
            object.__setattr__(self, name, value)  # Keras's own books
        else:
            super().__setattr__(name, self._tracker.track(value))

    def add_weight(
        self,
        shape: Sequence[int] = (),
        initializer: Any = "glorot_uniform",
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = "float32",
    ) -> Variable:
        """Make a weight and track it, whether or not it becomes an attribute."""
        initializer = initializers.get(initializer)
        variable = Variable(initializer, shape, dtype, trainable, name)
        variable.path = f"{self.name}/{variable.name}"
        return self._tracker.track(variable)

    @property
    def layers(self) -> list[LayerState]:
        """The layers that were noticed as attributes."""
        return list(self._layers)

    @property
    def variables(self) -> list[Variable]:
        """All variables, each once: the layer's own, seeds, then those within."""
        seeds = [generator.state for generator in self._seed_generators]
        inner = [v for layer in self._layers for v in layer.variables]
        return _once([*self._own_variables(), *seeds, *inner])

    @property
    def weights(self) -> list[Variable]:
        """All variables but seeds, in the same order."""
        inner = [v for layer in self._layers for v in layer.weights]
        return _once([*self._own_variables(), *inner])

    def _own_variables(self) -> list[Variable]:
        return [*self._trainable_variables, *self._non_trainable_variables]

    @property
    def trainable(self) -> bool:
        """Whether an optimizer should see the weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, trainable: bool) -> None:
        self._trainable = trainable
        for part in [*self._trainable_variables, *self._layers]:
            part.trainable = trainable

    @property
    def trainable_variables(self) -> list[Variable]:
        """The variables that an optimizer should see."""
        if not self._trainable:
            return []
        own = [v for v in self._trainable_variables if v.trainable]
        return _once([*own, *(v for x in self._layers for v in x.trainable_variables)])

    trainable_weights = trainable_variables

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """All other variables."""
        seen = {id(v) for v in self.trainable_variables}
        return [v for v in self.variables if id(v) not in seen]

    def get_weights(self) -> list[np.ndarray]:
        """Return the values of all weights, in order."""
        return [variable.numpy() for variable in self.weights]

    def set_weights(self, values: Sequence[np.ndarray]) -> None:
        """Assign the values of all weights, in order."""
        for variable, value in zip(self.weights, values, strict=True):
            variable.assign(np.asarray(value, variable.dtype))

    def count_params(self) -> int:
        """Return the number of numbers in all weights."""
        return sum(int(np.prod(v.shape)) for v in self.weights)

    def add_loss(self, loss: Any) -> None:
        """Add a term to the loss of the call that is going on."""
        self._losses.append(convert_to_tensor(loss))

    @property
    def losses(self) -> list[Tensor]:
        """The terms that the last call has added, here and within."""
        return [*self._losses, *(term for x in self._layers for term in x.losses)]

    def clear_losses(self) -> None:
        """Forget the terms of the last call."""
        self._losses.clear()
        for layer in self._layers:
            layer.clear_losses()


def _once(variables: Iterable[Variable]) -> list[Variable]:
    return list({id(variable): variable for variable in variables}.values())
