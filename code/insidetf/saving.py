"""Files, opened: what is in a model's file, and what of it comes back.

`members`, `config`, `classes`, and `weights` open Keras's files; `objects` and `values`
a checkpoint; `exported` a SavedModel. `restore` and `transfer` fill a part of a model,
and report what they did not fill. The chapter `saving` uses them all.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from insidetf.lens import parse_object_graph, parse_saved_model
from insidetf.plot import Node, draw_dag

Shapes = dict[str, tuple[int, ...]]
GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
_ENDING = "/.ATTRIBUTES/VARIABLE_VALUE"


def members(path: str | Path) -> dict[str, int]:
    """Return what a file is made of, with sizes in bytes.

    Of a `.keras` file, the files in the archive; of a folder, all files below it; of a
    checkpoint's prefix, the files that begin with it; of another file, itself.

    Raises:
        FileNotFoundError: nothing has this name.
    """
    path = Path(path)
    if path.is_file() and path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive:
            return {entry.filename: entry.file_size for entry in archive.infolist()}
    if path.is_dir():
        files, root = [p for p in path.rglob("*") if p.is_file()], path
    else:
        files, root = list(path.parent.glob(f"{path.name}*")), path.parent
    if not files:
        raise FileNotFoundError(f"expected a file, folder, or prefix, got {path}")
    return {p.relative_to(root).as_posix(): p.stat().st_size for p in sorted(files)}


def config(path: str | Path) -> dict[str, Any]:
    """Return the configuration in a `.keras` file: what the model is made of."""
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def classes(path: str | Path) -> list[str]:
    """Return the names that a `.keras` file asks for, in order, each once.

    `keras.layers.Dense` is a class of Keras; `book>Scaled` has to be registered, and so
    has a bare name, which was not registered when the file was written.
    """
    found: dict[str, None] = {}
    for item in _nested(config(path)):
        if not isinstance(item.get("class_name"), str) or "config" not in item:
            continue
        name = item.get("registered_name")
        if name == "function":
            name = item["config"]
        elif not name:
            name = f"{item.get('module')}.{item['class_name']}"
        found[name] = None
    return list(found)


def _nested(item: Any) -> Iterator[dict[str, Any]]:
    if isinstance(item, dict):
        yield item
    inner = item.values() if isinstance(item, dict) else item
    if isinstance(item, dict | list):
        for value in inner:
            yield from _nested(value)


@contextmanager
def _tree(path: str | Path) -> Iterator[h5py.File]:
    if str(path).endswith(".keras"):
        with zipfile.ZipFile(path) as archive:
            path = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(path, "r") as file:
        yield file


def weights(path: str | Path) -> Shapes:
    """Return paths and shapes of the values in a `.weights.h5` or `.keras` file."""
    with _tree(path) as file:
        return _datasets(file)


def _datasets(group: h5py.Group) -> Shapes:
    found: Shapes = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = tuple(item.shape)

    group.visititems(visit)
    return found


@dataclass(frozen=True)
class SavedObject:
    """An object in a checkpoint: the edges below it, and the keys of its values."""

    number: int
    path: str
    children: Mapping[str, int]
    keys: tuple[str, ...] = ()


def objects(prefix: str | Path) -> list[SavedObject]:
    """Return the graph of objects in a checkpoint; the first one is the root.

    The path of an object is the shortest that leads to it. TensorFlow:
    tensorflow/core/protobuf/trackable_object_graph.proto.
    """
    reader = tf.train.load_checkpoint(str(prefix))
    nodes = parse_object_graph(reader.get_tensor(GRAPH_KEY)).nodes
    edges = [{c.local_name: c.node_id for c in node.children} for node in nodes]
    paths, to_visit = {0: ""}, deque([0])
    while to_visit:
        number = to_visit.popleft()
        for name, child in edges[number].items():
            if child not in paths:
                paths[child] = f"{paths[number]}/{name}".lstrip("/")
                to_visit.append(child)
    return [
        SavedObject(
            n, paths.get(n, ""), edges[n], tuple(a.checkpoint_key for a in x.attributes)
        )
        for n, x in enumerate(nodes)
    ]


def values(prefix: str | Path) -> Shapes:
    """Return the keys of a checkpoint's variables, without their ending, and shapes."""
    pairs = tf.train.list_variables(str(prefix))
    return {k.removesuffix(_ENDING): tuple(s) for k, s in pairs if k.endswith(_ENDING)}


def draw_objects(found: Sequence[SavedObject], hidden: Sequence[str] = ()) -> Figure:
    """Draw the graph of objects in a checkpoint; those with values are green.

    A box carries the last name on its shortest path; a value with several arrows has
    several names. Edges named in `hidden` are not followed.
    """
    seen, to_visit, edges = {0}, deque([0]), []
    while to_visit:
        number = to_visit.popleft()
        for name, child in found[number].children.items():
            if name in hidden:
                continue
            edges.append((number, child))
            if child not in seen:
                seen.add(child)
                to_visit.append(child)
    nodes = {}
    for number in sorted(seen):
        name = found[number].path.rpartition("/")[2] or "root"
        nodes[number] = Node(name, "source" if found[number].keys else "op")
    return draw_dag(nodes, list(dict.fromkeys(edges)))


@dataclass(frozen=True)
class Exported:
    """A SavedModel without its loader: what can be called, and what it needs.

    `functions` counts the ops of each traced function that an object of the file has,
    by its name in the graph; `objects` counts kinds.
    """

    signatures: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    functions: Mapping[str, int]
    objects: Mapping[str, int]
    values: Shapes
    version: str = field(default="")


def exported(folder: str | Path) -> Exported:
    """Read a SavedModel's file without making anything of it.

    TensorFlow: tensorflow/core/protobuf/saved_model.proto.
    """
    folder = Path(folder)
    graph = parse_saved_model((folder / "saved_model.pb").read_bytes())
    signatures = {
        name: (tuple(sorted(s.inputs)), tuple(sorted(s.outputs)))
        for name, s in graph.signature_def.items()
        if not name.startswith("__")
    }
    functions = {
        f.signature.name: len(f.node_def) for f in graph.graph_def.library.function
    }
    kinds = Counter(n.WhichOneof("kind") for n in graph.object_graph_def.nodes)
    stored = values(folder / "variables" / "variables")
    version = graph.meta_info_def.tensorflow_version
    return Exported(signatures, functions, dict(kinds), stored, version)


@dataclass(frozen=True)
class Report:
    """What a partial restoration did.

    `restored` have values of the file now; `kept` are in the model and got none;
    `unused` are in the file and went nowhere.
    """

    restored: tuple[str, ...]
    kept: tuple[str, ...]
    unused: tuple[str, ...]

    def __repr__(self) -> str:
        lists = (f"{name}={list(value)}" for name, value in vars(self).items())
        return f"Report({', '.join(lists)})"


def restore(prefix: str | Path, **roots: Any) -> Report:
    """Fill the variables below `roots` from a checkpoint, edge by edge, and report.

    As `tf.train.Checkpoint(**roots).read(prefix)`, for what is there now: nothing waits
    for variables that are made later. A root that is not in the file, and a shape that
    differs, are errors before anything is assigned.

    Raises:
        ValueError: no variable would be restored, or one has another shape.

    >>> folder = tempfile.mkdtemp()
    >>> saved = tf.Module()
    >>> saved.w, saved.b = tf.Variable(1.0), tf.Variable(2.0)
    >>> prefix = tf.train.Checkpoint(net=saved).write(f"{folder}/c")
    >>> part = tf.Module()
    >>> part.w, part.c = tf.Variable(0.0), tf.Variable(0.0)
    >>> restore(prefix, net=part)
    Report(restored=['net/w'], kept=['net/c'], unused=['net/b'])
    """
    root = tf.train.Checkpoint(**roots)
    saved, shapes = objects(prefix), values(prefix)
    pairs = _meet(saved, root)
    taken = {id(thing) for _, thing in pairs if _is_variable(thing)}
    restored = [x for x, thing in pairs if x.keys and _is_variable(thing)]
    kept = [p for thing, p in _variables(root) if id(thing) not in taken]
    kept += [v.path for v in _unreachable(root) if id(v) not in taken]
    numbers = {x.number for x in restored}
    unused = [x.path for x in saved if x.keys and x.number not in numbers]
    if not restored:
        raise ValueError(
            f"expected a checkpoint with some of {sorted(roots)}, got {unused}: the "
            "names must be those that the checkpoint was written with"
        )
    live = {x.number: thing for x, thing in pairs}
    for x in restored:
        shape = shapes[x.keys[0].removesuffix(_ENDING)]
        if shape != tuple(live[x.number].shape):
            raise ValueError(
                f"expected shape {shape} for {x.path}, as in the file, got "
                f"{tuple(live[x.number].shape)}: leave it out of the roots"
            )
    root.read(str(prefix)).expect_partial()
    paths = (x.path for x in restored)
    return Report(tuple(sorted(paths)), tuple(sorted(kept)), tuple(sorted(unused)))


def _is_variable(thing: Any) -> bool:
    return hasattr(thing, "assign") and hasattr(thing, "shape")


def _meet(saved: Sequence[SavedObject], root: Any) -> list[tuple[SavedObject, Any]]:
    """Pair saved objects with live ones along edges of equal names."""
    pairs, seen, to_visit = [], {0}, deque([(0, root)])
    while to_visit:
        number, thing = to_visit.popleft()
        pairs.append((saved[number], thing))
        here = tf.train.TrackableView.children(thing)
        for name, child in saved[number].children.items():
            if name in here and child not in seen:
                seen.add(child)
                to_visit.append((child, here[name]))
    return pairs


def _variables(root: Any) -> Iterator[tuple[Any, str]]:
    seen, to_visit = {id(root)}, deque([(root, "")])
    while to_visit:
        thing, path = to_visit.popleft()
        if _is_variable(thing):
            yield thing, path
        for name, child in tf.train.TrackableView.children(thing).items():
            if id(child) not in seen and name != "save_counter":
                seen.add(id(child))
                to_visit.append((child, f"{path}/{name}".lstrip("/")))


def _unreachable(root: Any) -> Iterator[Any]:
    """Yield weights that a layer lists and no edge leads to: those in Keras's lists."""
    reached = {id(thing) for thing, _ in _variables(root)}
    for thing in tf.train.TrackableView(root).descendants():
        if isinstance(thing, keras.layers.Layer):
            for weight in thing.weights:
                if id(weight) not in reached:
                    reached.add(id(weight))
                    yield weight


def transfer(
    path: str | Path, model: Any, rename: Mapping[str, str] | None = None
) -> Report:
    """Fill the layers of a model that the file knows by name, and report.

    Keras finds values by position, and this by the names that a `.weights.h5` or
    `.keras` file notes beside them. A layer is filled as a whole, when all its shapes
    are those of the file. `rename` maps a layer's name to its name in the file. Layers
    are named in the report; nothing is changed when nothing fits.

    Raises:
        ValueError: no layer would be filled.
    """
    rename = dict(rename or {})
    with _tree(path) as file, tempfile.TemporaryDirectory() as folder:
        found = dict(_named_groups(file))
        fits = {}
        for layer in model.layers:
            group = found.get(rename.get(layer.name, layer.name))
            if group is not None and _datasets(group) == _paths_of(layer, folder):
                fits[layer.name] = (layer, group)
        if not fits:
            raise ValueError(
                f"expected layers named {sorted(found)}, as in the file and of the "
                f"same shapes, got {[layer.name for layer in model.layers]}"
            )
        for layer, group in fits.values():
            _fill(layer, group, Path(folder) / "part.weights.h5")
        used = {rename.get(name, name) for name in fits}
        kept = [x.name for x in model.layers if x.weights and x.name not in fits]
        return Report(tuple(fits), tuple(kept), tuple(sorted(set(found) - used)))


def _named_groups(file: h5py.File) -> Iterator[tuple[str, h5py.Group]]:
    """Yield the groups of a model's own layers, and the names that are noted there."""
    for name, group in file.items():
        for inner in [group, *group.values()] if name != "vars" else []:
            own = inner.get("vars") if isinstance(inner, h5py.Group) else None
            if own is not None and "name" in own.attrs and _datasets(inner):
                yield own.attrs["name"], inner


def _paths_of(layer: Any, folder: str) -> Shapes:
    if not layer.built or not layer.weights:
        return {}
    path = Path(folder) / "shapes.weights.h5"
    keras.saving.save_weights(layer, path)
    return weights(path)


def _fill(layer: Any, group: h5py.Group, path: Path) -> None:
    with h5py.File(path, "w") as part:
        for name in group:
            group.copy(name, part)
    keras.saving.load_weights(layer, path)


def differs(first: Any, second: Any) -> float:
    """Return the largest difference between two models' weights, in order."""
    pairs = zip(first.get_weights(), second.get_weights(), strict=True)
    return max(float(np.max(np.abs(a - b))) for a, b in pairs if a.size)
