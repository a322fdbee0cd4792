"""Functional models: a graph of calls that is a layer.

Keras: keras/src/models/functional.py, keras/src/models/cloning.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from microtf import nest
from microtf.keras import ops
from microtf.keras.function import Function, sort_nodes
from microtf.keras.input_layer import Input, InputLayer
from microtf.keras.keras_tensor import KerasTensor
from microtf.keras.layer import Layer
from microtf.keras.model import Model
from microtf.keras.node import Node, map_structure
from microtf.tensor import convert_to_tensor
from microtf.trackable import AutoTrackable


class Functional(Function, Model):
    """A layer whose `call` repeats the calls between its inputs and its outputs.

    Inputs that are no `Input` cut the graph: the calls behind them are recorded again,
    on new tensors, with the same layers.
    """

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None):
        Layer.__init__(self, name=name)
        if any(map(_is_computed, nest.flatten(inputs))):
            inputs, outputs = clone_graph_nodes(inputs, outputs)
        self._wire(inputs, outputs)
        # An edge for a checkpoint, past the layer's tracker, which has its own books.
        AutoTrackable.__setattr__(self, "_operations", self._operations)
        for layer in self.layers:
            self._tracker.track(layer)
        self.built = True  # and not locked: layers beside the graph may follow
        self.output_names = [x._keras_history.operation.name for x in self.outputs]

    @property
    def layers(self) -> list[Layer]:
        """The layers of the graph, each once, from the inputs on."""
        return [x for x in self._operations if isinstance(x, Layer)]

    @property
    def input(self) -> Any:
        """The symbolic inputs, as they were given."""
        return self._inputs_struct

    @property
    def output(self) -> Any:
        """The symbolic outputs, as they were given."""
        return self._outputs_struct

    def check_input(self, first: Any) -> None:
        """Raise ValueError for a length that is not that of an `Input`."""
        for x, given in zip(self._inputs, self._in_order(first), strict=True):
            shape = _shape_for(tuple(given.shape), x.shape)
            lengths = itertools.zip_longest(x.shape, shape, fillvalue=0)
            if any(None not in pair and pair[0] != pair[1] for pair in lengths):
                raise ValueError(
                    f"Input {x.name!r} of layer {self.name!r} is incompatible with "
                    f"the layer: expected shape={x.shape}, found shape={given.shape}"
                )

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Repeat the calls, all of them in the mode that this one is in."""
        values = zip(self._in_order(inputs), self._inputs, strict=True)
        flat = [_fit(value, x) for value, x in values]
        return self.run(flat, lambda operation: _in_mode(operation, training))

    def compute_output_spec(self, inputs: Any, training: bool | None = None) -> Any:
        """Return what comes out; the graph is asked again only for other shapes."""
        flat = self._in_order(inputs)
        if [x.shape for x in flat] == [x.shape for x in self._inputs]:
            return map_structure(
                lambda x: KerasTensor(x.shape, x.dtype), self._outputs_struct
            )
        return self.run(flat, lambda operation: operation.compute_output_spec)

    def _in_order(self, inputs: Any) -> list[Any]:
        """Return the values for the flat inputs; a dictionary has them by name."""
        if isinstance(inputs, dict) and not isinstance(self._inputs_struct, dict):
            inputs = [inputs[x.name] for x in self._inputs]
        flat = nest.flatten(inputs)
        if len(flat) != len(self._inputs):
            raise ValueError(
                f"expected {len(self._inputs)} inputs, {[x.name for x in self._inputs]}"
                f", got {len(flat)}"
            )
        return flat


def _is_input(x: KerasTensor) -> bool:
    history = getattr(x, "_keras_history", None)
    if history is None or history.operation is None:
        return False
    return history.operation._inbound_nodes[history.node_index].is_input


def _is_computed(x: Any) -> bool:
    return isinstance(x, KerasTensor) and not _is_input(x)


def _shape_for(given: tuple, wanted: tuple) -> tuple:
    """Return a shape with the rank that is wanted: (B,) for (B, 1), and back."""
    if len(given) == len(wanted) - 1 and wanted[-1] == 1:
        return (*given, 1)
    if len(given) == len(wanted) + 1 and given[-1] == 1:
        return given[:-1]
    return given


def _fit(value: Any, x: KerasTensor) -> Any:
    value = convert_to_tensor(value)
    shape = _shape_for(value.shape, x.shape)
    if shape == value.shape:
        return value
    return ops.reshape(value, newshape=[-1 if n is None else n for n in shape])


def _in_mode(operation: Any, training: bool | None) -> Callable[..., Any]:
    """Replace the mode that a layer was recorded with by that of the run."""
    if training is None or not isinstance(operation, Layer):
        return operation
    return lambda *args, **kwargs: operation(*args, **kwargs | {"training": training})


def clone_graph_nodes(inputs: Any, outputs: Any) -> tuple[Any, Any]:
    """Record the calls between `inputs` and `outputs` again, from new inputs on.

    The operations are shared, and nothing is computed: the new tensors have the shapes
    of the old ones.
    """
    copies: dict[int, KerasTensor] = {}
    for x in nest.flatten(inputs):
        new = Input(x.shape[1:], x.shape[0], str(x.dtype), f"{x.name}CLONE")
        copies[id(x)] = x if _is_input(x) else new

    def copy(leaf: Any) -> Any:
        if not isinstance(leaf, KerasTensor):
            return leaf
        name = f"{leaf.name}_clone"
        return copies.setdefault(id(leaf), KerasTensor(leaf.shape, leaf.dtype, name))

    nodes, _ = sort_nodes(nest.flatten(inputs), nest.flatten(outputs))
    for node in nodes:
        if node.is_input:  # one that is not among `inputs` stays, and is complained of
            copies |= {id(x): copies.get(id(x), x) for x in node.outputs}
            continue
        args, kwargs = map_structure(copy, [list(node.args), node.kwargs])
        Node(node.operation, args, kwargs, [copy(x) for x in node.outputs])
    return map_structure(copy, inputs), map_structure(copy, outputs)


def clone_model(
    model: Functional, clone_function: Callable[[Layer], Layer] | None = None
) -> Functional:
    """Return the same graph of calls with other layers, called once more.

    By default each layer is made anew from its config, with weights of its own;
    `clone_function=lambda layer: layer` shares them all.
    """
    made: dict[int, Any] = {}
    clone_function = clone_function or (lambda x: type(x).from_config(x.get_config()))

    def clone(operation: Any) -> Any:
        if not isinstance(operation, Layer):
            return operation
        if id(operation) not in made:
            made[id(operation)] = clone_function(operation)
        return made[id(operation)]

    def new_input(x: KerasTensor) -> KerasTensor:
        layer = x._keras_history.operation
        assert isinstance(layer, InputLayer)
        return Input(x.shape[1:], x.shape[0], str(x.dtype), layer.name)

    inputs = map_structure(new_input, model.input)
    return Functional(inputs, model.run(nest.flatten(inputs), clone), name=model.name)
