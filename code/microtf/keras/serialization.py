"""Objects as dictionaries that JSON can hold, and back, by names and not by code.

Keras: keras/src/saving/serialization_lib.py and object_registration.py.
"""

from __future__ import annotations

import base64
import importlib
import marshal
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

import numpy as np

from microtf.keras.keras_tensor import KerasTensor
from microtf.keras.layer import Layer

_objects: dict[str, Any] = {}
_names: dict[Any, str] = {}
_scopes: list[tuple[dict[str, Any], bool]] = []  # what calls around this one know
_PLAIN = str | int | float | bool | type(None)


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[Any], Any]:
    """Return a decorator that enters a class or function under `package>name`.

    >>> @register_keras_serializable("book")
    ... def double(x):
    ...     return 2 * x
    >>> get_registered_name(double)
    'book>double'
    """

    def decorator(thing: Any) -> Any:
        if isinstance(thing, type) and not hasattr(thing, "get_config"):
            raise ValueError(
                f"expected a class with get_config(), got {thing.__name__} without it"
            )
        key = f"{package}>{name or thing.__name__}"
        _objects[key], _names[thing] = thing, key  # whoever comes last has the name
        return thing

    return decorator


def get_registered_name(thing: Any) -> str:
    """Return the name that a class or function is registered under, or its own."""
    return _names.get(thing, thing.__name__)


def serialize_keras_object(thing: Any) -> Any:
    """Return plain values for a structure of plain values and objects."""
    if isinstance(thing, _PLAIN):
        return thing
    if isinstance(thing, list | tuple):
        return type(thing)([serialize_keras_object(item) for item in thing])
    if isinstance(thing, dict):
        return {key: serialize_keras_object(item) for key, item in thing.items()}
    if isinstance(thing, np.ndarray):
        value = {"value": thing.tolist(), "dtype": str(thing.dtype)}
        return {"class_name": "__numpy__", "config": value}
    if isinstance(thing, FunctionType):
        return _serialize_function(thing)
    return _serialize_instance(thing)


def _serialize_function(function: FunctionType) -> dict[str, Any]:
    if function.__name__ == "<lambda>":  # it has no name to be found by: its code
        code = base64.b64encode(marshal.dumps(function.__code__)).decode()
        return {"class_name": "__lambda__", "config": {"value": code}}
    name = get_registered_name(function)
    return {
        "module": function.__module__,
        "class_name": "function",
        "config": name,
        "registered_name": "function",
    }


def _serialize_instance(thing: Any) -> dict[str, Any]:
    if not hasattr(thing, "get_config"):
        raise TypeError(
            f"Cannot serialize {thing!r} of type {type(thing).__name__}: to be "
            "serializable, a class must implement get_config()"
        )
    cls = type(thing)
    built_in = cls.__module__.startswith("microtf.keras.")
    config = {
        "module": cls.__module__,
        "class_name": cls.__name__,
        "config": serialize_keras_object(thing.get_config()),
        "registered_name": None if built_in else get_registered_name(cls),
    }
    if getattr(thing, "_build_shape", None) is not None:
        config["build_config"] = {"input_shape": thing._build_shape}
    return config


def deserialize_keras_object(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
    safe_mode: bool = True,
) -> Any:
    """Return what `serialize_keras_object` was given, or an equal object.

    What the outermost call is given holds for calls within, too. Raises TypeError for a
    class or function that nobody has registered, and ValueError for code in the
    configuration, unless `safe_mode` is off.
    """
    known, safe = _scopes[-1] if _scopes else ({}, safe_mode)
    _scopes.append(({**(custom_objects or {}), **known}, safe))
    try:
        return _deserialize(config)
    finally:
        _scopes.pop()


def _deserialize(config: Any) -> Any:
    if isinstance(config, list | tuple):
        return [_deserialize(item) for item in config]
    if not isinstance(config, dict):
        return config
    if "class_name" not in config or "config" not in config:
        return {key: _deserialize(value) for key, value in config.items()}
    inner = config["config"]
    if config["class_name"] == "__numpy__":
        return np.array(inner["value"], inner["dtype"])
    if config["class_name"] == "__lambda__":
        return _load_code(inner["value"], _scopes[-1][1])
    if config["class_name"] == "function":
        return _retrieve(inner, config)
    cls = _retrieve(config.get("registered_name") or config["class_name"], config)
    return _instance(cls, config)


def _load_code(text: str, safe_mode: bool) -> FunctionType:
    if safe_mode:
        raise ValueError(
            "Requested the deserialization of a Python lambda, which is disallowed by "
            "default: it would run code from the file; if you trust its source, pass "
            "safe_mode=False"
        )
    return FunctionType(marshal.loads(base64.b64decode(text)), globals())


def _retrieve(name: str, config: Mapping[str, Any]) -> Any:
    """Find a class or function: a registered one first, then one of the miniature's."""
    known = {**_scopes[-1][0], **_objects}
    if name in known:
        return known[name]
    module = config.get("module") or ""
    if module.startswith("microtf.keras."):
        found = vars(importlib.import_module(module)).get(config["class_name"])
        if isinstance(found, type) and hasattr(found, "from_config"):
            return found
    raise TypeError(
        f"Could not locate {config['class_name']!r}: register it with "
        "register_keras_serializable() before the file is read, or pass it in "
        f"custom_objects. The full configuration is {dict(config)}"
    )


def _instance(cls: type, config: Mapping[str, Any]) -> Any:
    instance = cls.from_config(config["config"])
    build_config = config.get("build_config")
    if build_config and not instance.built:
        build_from_config(instance, build_config)
    return instance


def build_from_config(layer: Layer, config: Mapping[str, Any]) -> None:
    """Make a layer's weights for the input shape that it once met."""
    shape = tuple(config["input_shape"])
    layer._maybe_build([KerasTensor(shape)], {})
