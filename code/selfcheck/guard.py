"""Notice when a program has replaced what the checks rely on.

The checks hold their own references to what they call, so that replacing
`numpy.testing.assert_allclose` gains nothing. What they call looks further names up,
though, and methods are looked up on their classes. So the public functions, classes,
and methods of the preloaded packages are remembered before a program runs and
compared afterwards. A replaced one is named to the author, whatever the reason was.

This keeps accidents and shortcuts out, not an attacker: a program and its checks
share a process.
"""

from __future__ import annotations

import builtins
import functools
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

_CAN_CHANGE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: a class whose attributes can be set
_METHODS = (types.FunctionType, property, classmethod, staticmethod)


class Guard:
    """The callables of some modules, as they were when the guard was made."""

    def __init__(self, packages: Iterable[str]) -> None:
        self._spaces: list[tuple[str, Any, dict[str, Any]]] = []
        self._codes: list[tuple[str, types.FunctionType, types.CodeType]] = []
        self._attributes: list[tuple[str, type, frozenset[str]]] = []
        self._done: set[int] = set()
        self._seen: set[int] = set()
        self._add("builtins", builtins)
        self.add(packages)

    def add(self, packages: Iterable[str]) -> None:
        """Remember the modules of more packages, as they are now."""
        for name, module in self._modules(packages):
            self._add(name, module)

    def _add(self, name: str, module: types.ModuleType) -> None:
        """Remember a module, once."""
        if id(module) in self._done:
            return
        self._done.add(id(module))
        values = {key: value for key, value in vars(module).items() if _kept(value)}
        self._spaces.append((name, module, values))
        for key, value in values.items():
            if id(value) in self._seen:
                continue
            self._seen.add(id(value))
            if isinstance(value, types.FunctionType):
                self._codes.append((f"{name}.{key}", value, value.__code__))
            elif isinstance(value, type):
                self._add_class(f"{name}.{key}", value)

    @staticmethod
    def _modules(packages: Iterable[str]) -> Iterator[tuple[str, types.ModuleType]]:
        """The packages, and the public modules directly inside them."""
        inside: dict[str, dict[str, types.ModuleType]] = {}
        for name, module in list(sys.modules.items()):
            package, _, key = name.rpartition(".")
            inside.setdefault(package, {})[key] = module
        for package in packages:
            found = sys.modules.get(package)
            if found is None:
                continue
            yield package, found
            for key, value in (vars(found) | inside.get(package, {})).items():
                if isinstance(value, types.ModuleType) and not key.startswith("_"):
                    yield f"{package}.{key}", value

    def _add_class(self, name: str, cls: type) -> None:
        """Remember the methods of a class and of all classes derived from it.

        The class of an eager tensor is not public, only an ancestor is.
        """
        todo = [cls] if cls.__flags__ & _CAN_CHANGE else []
        while todo:
            member = todo.pop()
            self._seen.add(id(member))
            below = type.__subclasses__(member)
            todo += [sub for sub in below if id(sub) not in self._seen]
            methods = {
                key: value
                for key, value in vars(member).items()
                if isinstance(value, _METHODS)
            }
            label = name if member is cls else f"{name}'s {member.__name__}"
            self._spaces.append((label, member, methods))
            self._attributes.append((label, member, frozenset(vars(member))))

    def replaced(self) -> str | None:
        """The dotted name of something that is no longer what it was."""
        for name, space, values in self._spaces:
            now = vars(space)
            for key, value in values.items():
                if now.get(key) is not value:
                    return f"{name}.{key}"
        for name, function, code in self._codes:
            if function.__code__ is not code:
                return name
        for name, member, known in self._attributes:
            for key in vars(member).keys() - known:
                if any(_is_method(base, key) for base in member.__mro__[1:]):
                    return f"{name}.{key}"
        return None


@functools.cache
def prepare(packages: tuple[str, ...]) -> Guard:
    """The guard of some packages and of this one, made once in a process.

    It takes longer than the checks of a small program, so the zygote makes it before
    a copy needs it; there `add` finds what has been imported since.
    """
    return Guard([*packages, *own_modules()])


def own_modules() -> list[str]:
    """The names of the grader's modules."""
    return [name for name in sys.modules if name.split(".")[0] == "selfcheck"]


def _is_method(cls: type, key: str) -> bool:
    """Whether a class has a method of its own that a derived one can hide."""
    return cls is not object and isinstance(vars(cls).get(key), _METHODS)


def _kept(value: Any) -> bool:
    """Functions and classes; module objects load lazily and may change by right."""
    return callable(value) and not isinstance(value, types.ModuleType)
