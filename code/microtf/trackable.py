"""Objects that note what is hung into them, so that a checkpoint can find it again.

TensorFlow: tensorflow/python/trackable/{base,autotrackable,data_structures}.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def is_variable(value: Any) -> bool:
    """Whether a value can be read and written: a leaf of a graph of objects."""
    return hasattr(value, "assign") and hasattr(value, "numpy")


def is_trackable(value: Any) -> bool:
    """Whether a value is a node: a leaf, an object that tracks, or a container."""
    if isinstance(value, tuple):
        return any(is_trackable(item) for item in value)
    return isinstance(value, AutoTrackable | list | dict) or is_variable(value)


def children(node: Any) -> dict[str, Any]:
    """Return what hangs directly below a node, by the name of the edge."""
    if isinstance(node, AutoTrackable):
        return node.tracked
    if isinstance(node, list | tuple):
        named = {str(index): item for index, item in enumerate(node)}
    else:
        named = node if isinstance(node, dict) else {}
    return {name: item for name, item in named.items() if is_trackable(item)}


class AutoTrackable:
    """An object whose attributes are edges, noted at the moment they are set.

    >>> from microtf.variable import Variable
    >>> net = AutoTrackable()
    >>> net.steps, net.title = [Variable(1.0)], "net"
    >>> list(children(net)), list(children(net.steps))
    (['steps'], ['0'])
    """

    # No entries of __dict__: whoever searches the attributes does not meet them.
    __slots__ = ("__dict__", "__weakref__", "_deferred", "_tracked")

    @property
    def tracked(self) -> dict[str, Any]:
        """The edges, in the order in which the attributes were first set."""
        if not hasattr(self, "_tracked"):
            object.__setattr__(self, "_tracked", {})
        return self._tracked

    def __setattr__(self, name: str, value: Any) -> None:
        value = wrap(value)
        object.__setattr__(self, name, value)
        if is_trackable(value):
            new = name not in self.tracked
            self.tracked[name] = value
            if new:  # what replaces a restored value is not restored again
                restore_deferred(self, name, value)

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        self.tracked.pop(name, None)


class ListWrapper(list):
    """A list that restores what is appended, if a checkpoint waits for it."""

    def __init__(self, values: Iterable[Any] = ()):
        super().__init__(map(wrap, values))

    def append(self, value: Any) -> None:
        """Add a value at the end."""
        super().append(wrap(value))
        restore_deferred(self, str(len(self) - 1), self[-1])

    def extend(self, values: Iterable[Any]) -> None:
        """Add values at the end."""
        for value in values:
            self.append(value)


class DictWrapper(dict):
    """A dictionary that restores what is put into it, if a checkpoint waits for it."""

    def __init__(self, values: Any = ()):
        super().__init__({key: wrap(value) for key, value in dict(values).items()})

    def __setitem__(self, key: str, value: Any) -> None:
        new = key not in self
        super().__setitem__(key, wrap(value))
        if new:
            restore_deferred(self, key, self[key])


def wrap(value: Any) -> Any:
    """Return a container that notices in place of one that does not.

    Only of the types `list` and `dict` themselves, as in TensorFlow: a class derived
    from them may have plans of its own.
    """
    if type(value) is list:
        return ListWrapper(value)
    return DictWrapper(value) if type(value) is dict else value


def defer(node: Any, name: str, restoration: Any, number: int) -> None:
    """Let a restoration wait until something appears below `node` under `name`."""
    if not hasattr(node, "_deferred"):
        try:
            object.__setattr__(node, "_deferred", {})
        except AttributeError:  # a tuple, a plain list: nobody would notice
            return
    node._deferred.setdefault(name, []).append((restoration, number))


def restore_deferred(node: Any, name: str, value: Any) -> None:
    """Do what waits for this name: the latest restoration first, and it wins."""
    waiting = getattr(node, "_deferred", {}).pop(name, [])
    for restoration, number in reversed(waiting):
        restoration.bind(number, value)
