"""A model in one file: a zip of its configuration and of a tree of its values.

Keras: keras/src/saving/saving_lib.py. The miniature keeps the tree as NumPy's npz.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from microtf.keras.layer import Layer
from microtf.keras.layer_state import LayerState
from microtf.keras.naming import to_snake_case
from microtf.keras.optimizer import Optimizer
from microtf.keras.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from microtf.keras.variable import Variable

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.npz"
_SAVEABLE = LayerState | Optimizer  # seeds are left out, as in Keras
#: What every layer has is bookkeeping, and leads to nothing that has no other name.
_SKIPPED = set(vars(Layer(name="layer")))


def walk_saveables(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield each object with state once, with the path of attributes that leads to it.

    A layer in a list is named after its class, not after itself: names are given out
    by counting, and would differ in the next program.
    """
    yield from _walk(thing, "", set())


def _walk(thing: Any, path: str, visited: set[int]) -> Iterator[tuple[str, Any]]:
    if id(thing) in visited:
        return
    visited.add(id(thing))
    yield path, thing
    for name, child in _attributes(thing):
        inner = f"{path}/{name}".lstrip("/")
        if isinstance(child, _SAVEABLE):
            yield from _walk(child, inner, visited)
        elif isinstance(child, list | tuple | dict):
            yield from _walk_container(child, inner, visited)


def _walk_container(
    container: Any, path: str, visited: set[int]
) -> Iterator[tuple[str, Any]]:
    used: Counter[str] = Counter()
    items = container.values() if isinstance(container, dict) else container
    for item in items:
        nested = isinstance(item, list | tuple | dict)
        if not nested and not isinstance(item, _SAVEABLE):
            continue
        name = "container" if nested else to_snake_case(type(item).__name__)
        used[name] += 1
        number = used[name] - 1
        inner = f"{path}/{name}_{number}" if number else f"{path}/{name}"
        walk = _walk_container if nested else _walk
        yield from walk(item, inner, visited)


def _attributes(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield attributes by name, private ones last; `layers` is one of a model's."""
    if isinstance(thing, Optimizer):
        return  # all of its state is in its own variables
    kinds = {cls.__name__ for cls in type(thing).__mro__}
    if {"Sequential", "Functional"} & kinds:
        yield "layers", thing.layers  # before whatever else leads to them
    names = set(vars(thing)) - _SKIPPED | ({"layers"} if "Model" in kinds else set())
    for name in sorted(names, key=lambda n: f"~{n}" if n[0] == "_" else n):
        yield name, getattr(thing, name)


def own_variables(thing: Any) -> list[Variable]:
    """Return the variables of an object without those of the objects below it."""
    if isinstance(thing, Optimizer):
        return thing.variables
    return [*thing._trainable_variables, *thing._non_trainable_variables]


def save_state(thing: Any) -> dict[str, np.ndarray]:
    """Return all values below an object, by path, as Keras's HDF5 tree has them."""
    values: dict[str, np.ndarray] = {}
    for path, part in walk_saveables(thing):
        store: dict[str, Any] = {}
        if hasattr(part, "save_own_variables"):
            part.save_own_variables(store)
        else:
            store = {str(i): v.numpy() for i, v in enumerate(own_variables(part))}
        for key, value in store.items():
            values[f"{path}/vars/{key}".lstrip("/")] = np.asarray(value)
    return values


def load_state(thing: Any, values: Mapping[str, np.ndarray]) -> None:
    """Assign values by path. Raises ValueError where their number does not fit."""
    for path, part in walk_saveables(thing):
        start = f"{path}/vars/".lstrip("/")
        store = {k[len(start) :]: v for k, v in values.items() if k.startswith(start)}
        if hasattr(part, "load_own_variables"):
            part.load_own_variables(store)
            continue
        variables = own_variables(part)
        if len(store) != len(variables):
            raise ValueError(
                f"Layer {part!r} expected {len(variables)} variables, but received "
                f"{len(store)} variables during loading, from {start!r}"
            )
        for index, variable in enumerate(variables):
            variable.assign(store[str(index)])


def save_model(model: Any, path: str | Path) -> None:
    """Write a model: what it is made of, then what it has learned."""
    weights = io.BytesIO()
    np.savez(weights, **save_state(model))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(METADATA, json.dumps({"library": "microtf"}))
        archive.writestr(CONFIG, json.dumps(serialize_keras_object(model)))
        archive.writestr(WEIGHTS, weights.getvalue())


def load_model(
    path: str | Path,
    custom_objects: Mapping[str, Any] | None = None,
    safe_mode: bool = True,
) -> Any:
    """Make the model anew from its configuration, then assign the values."""
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read(CONFIG))
        with np.load(io.BytesIO(archive.read(WEIGHTS)), allow_pickle=False) as file:
            values = {key: file[key] for key in file.files}
    model = deserialize_keras_object(config, custom_objects, safe_mode)
    load_state(model, values)
    return model
