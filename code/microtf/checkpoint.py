"""Checkpoints: the values of variables, with the graph of objects that leads to them.

TensorFlow: tensorflow/python/checkpoint/{checkpoint,restore,trackable_view}.py.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from microtf.op import graph_mode
from microtf.trackable import AutoTrackable, children, defer, is_variable

GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
_restore_uids = count()


@dataclass(frozen=True)
class SavedNode:
    """An object as a checkpoint knows it: numbers of children, and a value's key."""

    children: dict[str, int]
    key: str | None


def descendants_with_paths(root: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield each object once, nearest first, with the shortest path that leads to it.

    >>> shared = AutoTrackable()
    >>> root = AutoTrackable()
    >>> root.far, root.near = AutoTrackable(), shared
    >>> root.far.same = shared
    >>> ["/".join(path) for _, path in descendants_with_paths(root)]
    ['', 'far', 'near']
    """
    to_visit, seen = deque([(root, ())]), {id(root)}
    while to_visit:
        node, path = to_visit.popleft()
        yield node, path
        for name, child in children(node).items():
            if id(child) not in seen:
                seen.add(id(child))
                to_visit.append((child, (*path, name)))


def checkpoint_key(path: tuple[str, ...]) -> str:
    """Return the name of a value in the file, from the path to its variable."""
    escaped = (name.replace(".", "..").replace("/", ".S") for name in path)
    return "/".join(escaped) + "/.ATTRIBUTES/VARIABLE_VALUE"


def object_graph(root: Any) -> tuple[list[Any], list[SavedNode]]:
    """Return the objects below `root`, and for each what a checkpoint notes of it."""
    found = list(descendants_with_paths(root))
    numbers = {id(node): number for number, (node, _) in enumerate(found)}
    saved = []
    for node, path in found:
        edges = {name: numbers[id(child)] for name, child in children(node).items()}
        saved.append(
            SavedNode(edges, checkpoint_key(path) if is_variable(node) else None)
        )
    return [node for node, _ in found], saved


class Checkpoint(AutoTrackable):
    """A root whose attributes are what is to be saved."""

    def __init__(self, **roots: Any):
        for name, value in sorted(roots.items()):
            setattr(self, name, value)

    def write(self, prefix: str | Path) -> str:
        """Write all values and the graph into `prefix`.npz; return the prefix."""
        objects, saved = object_graph(self)
        pairs = zip(objects, saved, strict=True)
        values = {note.key: node.numpy() for node, note in pairs if note.key}
        values[GRAPH_KEY] = json.dumps([asdict(note) for note in saved])
        np.savez(f"{prefix}.npz", **values)
        return str(prefix)

    def read(self, prefix: str | Path) -> LoadStatus:
        """Restore what is there now, and keep waiting for the rest."""
        status = LoadStatus(self, prefix)
        status.bind(0, self)
        return status


def list_variables(prefix: str | Path) -> list[tuple[str, list[int]]]:
    """Return the keys and shapes in a checkpoint. TensorFlow: `tf.train`."""
    with np.load(f"{prefix}.npz") as file:
        return sorted((key, list(file[key].shape)) for key in file.files)


class LoadStatus:
    """A restoration: which saved node belongs to which object, so far."""

    def __init__(self, root: Any, prefix: str | Path):
        self.root, self.uid, self.objects = root, next(_restore_uids), {}
        with np.load(f"{prefix}.npz") as file:
            self._values = {key: file[key] for key in file.files}
        notes = json.loads(str(self._values.pop(GRAPH_KEY)))
        self.nodes = [SavedNode(**note) for note in notes]

    def bind(self, number: int, node: Any) -> None:
        """Let an object be a saved node; go on below both, edge by edge."""
        to_visit = deque([(number, node)])
        while to_visit:
            number, node = to_visit.popleft()
            if number in self.objects:
                continue
            self.objects[number] = node
            self._assign(self.nodes[number], node)
            here = children(node)
            for name, child in self.nodes[number].children.items():
                if name in here:
                    to_visit.append((child, here[name]))
                elif child not in self.objects:
                    defer(node, name, self, child)

    def _assign(self, saved: SavedNode, node: Any) -> None:
        later = getattr(node, "_update_uid", -1) > self.uid
        if saved.key is None or not is_variable(node) or later:
            return
        value = self._values[saved.key]
        if tuple(value.shape) != tuple(node.shape):
            raise ValueError(
                f"Received incompatible tensor with shape {value.shape} when "
                f"attempting to restore variable with shape {tuple(node.shape)}"
            )
        with graph_mode(None):  # once, also if a trace has just made the variable
            node.assign(value)
        node._update_uid = self.uid

    def assert_existing_objects_matched(self) -> LoadStatus:
        """Raise AssertionError if a variable exists that got no value."""
        bound = {id(node) for node in self.objects.values()}
        found = descendants_with_paths(self.root)
        missed = [
            "/".join(p) for n, p in found if is_variable(n) and id(n) not in bound
        ]
        if missed:
            raise AssertionError(
                f"Found {len(missed)} Python objects that were not bound to "
                f"checkpointed values: {missed}"
            )
        return self

    def assert_consumed(self) -> LoadStatus:
        """Raise AssertionError unless all values and all variables have met."""
        self.assert_existing_objects_matched()
        saved = enumerate(self.nodes)
        waiting = [s.key for n, s in saved if s.key and n not in self.objects]
        if waiting:
            raise AssertionError(f"Unresolved objects in checkpoint: {waiting}")
        return self
