"""Layers: operations with state, which they make when they meet their first input.

Keras: keras/src/layers/layer.py.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np

from microtf import nest
from microtf.keras.call_context import call_context
from microtf.keras.keras_tensor import KerasTensor, any_symbolic_tensors
from microtf.keras.layer_state import LayerState
from microtf.keras.node import Node, map_structure
from microtf.keras.scratch import compute_output_spec
from microtf.keras.stateless_scope import StatelessScope
from microtf.keras.variable import Variable
from microtf.tensor import Tensor, convert_to_tensor

_LOCKED = (
    "You cannot add new elements of state (variables or sub-layers) to a layer that is "
    "already built. All state must be created in the `__init__()` method or in the "
    "`build()` method"
)


class Layer(LayerState):
    """An operation that has weights, and layers within it.

    A subclass makes layers in `__init__`, weights in `build`, and computes in `call`.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Layer:
        """Let the instance's `build` lock the layer when the class's is through."""
        layer = super().__new__(cls, *args, **kwargs)
        object.__setattr__(layer, "build", functools.partial(_build_and_lock, layer))
        return layer

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the layer, in the steps of Keras's `Layer.__call__`."""
        symbolic = any_symbolic_tensors(args, kwargs)
        original = args, kwargs
        args = map_structure(_as_tensor, list(args))  # 1. convert
        _check_positional(args)  # 2. tensors alone without a name
        self.check_input(args[0] if args else None)  # 3. check
        self._maybe_build(args, kwargs)  # 4. build
        with call_context(self) as context:
            kwargs = self._with_training(kwargs, context)  # 5. training; 6. masks: none
            outputs = super().__call__(*args, **kwargs)  # 7. call
        if symbolic:
            Node(self, *original, outputs)  # 8. record
        return outputs

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Infer what comes out; `__call__` makes the node, with the arguments given."""
        return self.compute_output_spec(*args, **kwargs)

    def check_input(self, first: Any) -> None:
        """Raise ValueError if the first argument does not fit. Subclasses say why."""

    def build(self, input_shape: Any) -> None:
        """Make the weights; by default, those of the layers within are all."""

    def _maybe_build(self, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        if self.built:
            return
        if type(self).build is Layer.build and any(not x.built for x in self._layers):
            stand_ins = [map_structure(_stand_in, arg) for arg in args]
            compute_output_spec(self.call, *stand_ins, **kwargs)
        self.build(_shapes(args[0]) if args else None)

    def _with_training(self, kwargs: dict[str, Any], context: Any) -> dict[str, Any]:
        """Resolve `training`: the argument, the outer call's, the default."""
        parameter = inspect.signature(self.call).parameters.get("training")
        if "training" in kwargs:
            value = kwargs["training"]
        elif context.training is not None:
            value = context.training
        else:
            default = parameter.default if parameter else None
            value = None if default is inspect.Parameter.empty else default
        context.training = value  # for all layers that are called from now on
        rest = {name: given for name, given in kwargs.items() if name != "training"}
        return (
            rest if parameter is None or value is None else rest | {"training": value}
        )

    def stateless_call(
        self, variables: Sequence[Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Return (outputs, values of all variables afterwards); change nothing."""
        mapping = list(zip(self.variables, variables, strict=True))
        with StatelessScope(mapping) as scope:
            outputs = self(*args, **kwargs)
        return outputs, [scope.get_current_value(v) for v in self.variables]


def _build_and_lock(layer: Layer, *args: Any, **kwargs: Any) -> None:
    type(layer).build(layer, *args, **kwargs)
    layer._build_shape = args[0] if args else None  # what a file notes
    layer.built = True
    layer._tracker.lock(_LOCKED)


def _as_tensor(leaf: Any) -> Any:
    if isinstance(leaf, KerasTensor | Tensor) or leaf is None:
        return leaf
    if isinstance(leaf, np.ndarray | Variable):
        floats = isinstance(leaf, np.ndarray) and leaf.dtype == np.float64
        return convert_to_tensor(leaf.astype("float32") if floats else leaf)
    return leaf


def _check_positional(args: Sequence[Any]) -> None:
    for leaf in nest.flatten(list(args)):
        if not isinstance(leaf, KerasTensor | Tensor) and leaf is not None:
            raise ValueError(
                "Only input tensors may be passed as positional arguments. The "
                "following argument value should be passed as a keyword argument: "
                f"{leaf}"
            )


def _stand_in(leaf: Any) -> Any:
    return leaf if leaf is None else KerasTensor(leaf.shape, leaf.dtype)


def _shapes(argument: Any) -> Any:
    return map_structure(lambda leaf: tuple(leaf.shape), argument)
