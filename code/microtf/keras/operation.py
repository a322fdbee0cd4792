"""Operations: what can be called on tensors, and on tensors that are not there yet.

Keras: keras/src/ops/operation.py.
"""

from __future__ import annotations

import inspect
from typing import Any

from microtf import nest
from microtf.keras.keras_tensor import any_symbolic_tensors
from microtf.keras.naming import auto_name
from microtf.keras.node import Node
from microtf.keras.scratch import compute_output_spec


class Operation:
    """The base of layers, models, and the classes behind `microtf.keras.ops`.

    A subclass writes `call`. Called on values, an operation computes; called on a
    KerasTensor, it says what would come out and remembers that it was asked.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Operation:
        """Keep the arguments of the constructor, from which a copy can be made."""
        instance = object.__new__(cls)
        config = _plain_arguments(cls, args, kwargs)
        object.__setattr__(instance, "_auto_config", config)
        return instance

    def __init__(self, name: str | None = None):
        if name is not None and (not isinstance(name, str) or "/" in name):
            raise ValueError(f"expected a name without '/', got {name!r}")
        self.name = name or auto_name(type(self).__name__)
        self._inbound_nodes: list[Node] = []  # one for each symbolic call
        self._outbound_nodes: list[Node] = []  # calls that used what came out

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Compute, or record the call if any argument is a KerasTensor."""
        if any_symbolic_tensors(args, kwargs):
            return self.symbolic_call(*args, **kwargs)
        return self.call(*args, **kwargs)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Infer what the call would return, and record it in a `Node`."""
        outputs = self.compute_output_spec(*args, **kwargs)
        Node(self, args, kwargs, outputs)
        return outputs

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute; a subclass says how."""
        raise NotImplementedError(f"{type(self).__name__} has no method `call`")

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return KerasTensors for what `call` would return."""
        try:
            return compute_output_spec(self.call, *args, **kwargs)
        except Exception as error:
            raise type(error)(
                "Could not automatically infer the output shape / dtype of "
                f"{self.name!r} (of type {type(self).__name__}): either its `call` is "
                "wrong, or it has to implement `compute_output_spec`. Error "
                f"encountered:\n\n{error}"
            ) from error

    @property
    def input(self) -> Any:
        """What the operation was called on the first time: one tensor or a list."""
        return self._first("input_tensors")

    @property
    def output(self) -> Any:
        """What came out the first time: one tensor or a list."""
        return self._first("output_tensors")

    def _first(self, attribute: str) -> Any:
        if not self._inbound_nodes:
            raise AttributeError(
                f"The layer {self.name} has never been called on a KerasTensor, and "
                f"has no {attribute.replace('_', ' ')}"
            )
        tensors = getattr(self._inbound_nodes[0], attribute)
        return tensors[0] if len(tensors) == 1 else tensors

    def get_config(self) -> dict[str, Any]:
        """Return the arguments from which `from_config` makes a copy."""
        if self._auto_config is None:
            raise NotImplementedError(
                f"expected {type(self).__name__} to implement get_config(): it was "
                "made with arguments other than numbers, strings, and None"
            )
        config = dict(self._auto_config)
        parameters = inspect.signature(type(self).__init__).parameters.values()
        if any(p.name == "name" or p.kind == p.VAR_KEYWORD for p in parameters):
            config["name"] = self.name
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Operation:
        """Make an operation, with new variables, from what `get_config` returned."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def _plain_arguments(cls: type, args: tuple, kwargs: dict) -> dict[str, Any] | None:
    """Return a constructor's arguments by name, None if one is no plain value."""
    try:
        bound = inspect.signature(cls.__init__).bind(None, *args, **kwargs)
    except TypeError:
        return None  # the constructor is about to say what is wrong
    bound.apply_defaults()
    config: dict[str, Any] = {}
    for parameter in list(bound.signature.parameters.values())[1:]:
        value = bound.arguments[parameter.name]
        if parameter.kind == parameter.VAR_KEYWORD:
            config |= value
        elif parameter.kind != parameter.VAR_POSITIONAL:
            config[parameter.name] = value
        elif value:
            return None
    config.pop("name", None)
    plain = str | int | float | bool | type(None)
    ok = all(isinstance(leaf, plain) for leaf in nest.flatten(config))
    return config if ok else None
