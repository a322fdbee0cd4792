"""Tracking: how a layer notices what is hung into it.

Keras: keras/src/utils/tracking.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


class Tracker:
    """Sorts the values of attributes into stores, by tests, the first that fits.

    Lists and dictionaries are replaced by ones that report what is added later; tuples
    are searched once.
    """

    def __init__(self, config: dict[str, tuple[Callable[[Any], bool], list]]):
        self.config = config
        self.locked_because: str | None = None

    def track(self, value: Any) -> Any:
        """Note a value, and return what to keep in its place."""
        for test, store in self.config.values():
            if test(value):
                self._add(store, value)
                return value
        if type(value) is tuple:
            return tuple(self.track(item) for item in value)
        if type(value) is list:
            return TrackedList(value, self)
        if type(value) is dict:
            return TrackedDict(value, self)
        return value

    def _add(self, store: list, value: Any) -> None:
        if any(value is known for _, other in self.config.values() for known in other):
            return
        if self.locked_because:
            raise ValueError(self.locked_because)
        store.append(value)

    def untrack(self, value: Any) -> None:
        """Forget a value."""
        for _, store in self.config.values():
            store[:] = [known for known in store if known is not value]

    def lock(self, because: str) -> None:
        """Take no more values, and say why."""
        self.locked_because = because


class TrackedList(list):
    """A list that tells a tracker what is put into it, and what is taken out."""

    def __init__(self, values: Iterable[Any] = (), tracker: Tracker | None = None):
        self.tracker = tracker
        super().__init__(map(self._note, values))

    def _note(self, value: Any) -> Any:
        return self.tracker.track(value) if self.tracker else value

    def append(self, value: Any) -> None:
        """Add a value at the end."""
        super().append(self._note(value))

    def extend(self, values: Iterable[Any]) -> None:
        """Add values at the end."""
        super().extend(map(self._note, values))

    def insert(self, index: int, value: Any) -> None:
        """Add a value before a place."""
        super().insert(index, self._note(value))

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(index, self._note(value))

    def pop(self, index: int = -1) -> Any:
        """Take a value out, and let it be forgotten."""
        value = super().pop(index)
        if self.tracker:
            self.tracker.untrack(value)
        return value

    def remove(self, value: Any) -> None:
        """Take out the first value that is equal to this one."""
        self.pop(self.index(value))

    def clear(self) -> None:
        """Take all values out."""
        while self:
            self.pop()


class TrackedDict(dict):
    """A dictionary that tells a tracker what is put into it, and what is taken out."""

    def __init__(self, values: Any = (), tracker: Tracker | None = None):
        super().__init__()
        self.tracker = tracker
        self.update(values)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, self.tracker.track(value) if self.tracker else value)

    def update(self, values: Any = (), **more: Any) -> None:
        """Add pairs."""
        for key, value in {**dict(values), **more}.items():
            self[key] = value

    def pop(self, key: Any, *default: Any) -> Any:
        """Take a value out, and let it be forgotten."""
        value = super().pop(key, *default)
        if self.tracker:
            self.tracker.untrack(value)
        return value
