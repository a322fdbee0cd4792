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
        seen: set[int] = set()
        for name, module in self._modules(packages):
            values = {key: value for key, value in vars(module).items() if _kept(value)}
            self._spaces.append((name, module, values))
            for key, value in values.items():
                if id(value) in seen:
                    continue
                seen.add(id(value))
                if isinstance(value, types.FunctionType):
                    self._codes.append((f"{name}.{key}", value, value.__code__))
                elif isinstance(value, type):
                    self._add_class(f"{name}.{key}", value, seen)

    @staticmethod
    def _modules(packages: Iterable[str]) -> Iterator[tuple[str, types.ModuleType]]:
        """Builtins, the packages, and the public modules directly inside them."""
        yield "builtins", builtins
        done: set[int] = set()
        for package in packages:
            module = sys.modules.get(package)
            if module is None:
                continue
            yield package, module
            inner = {
                name.removeprefix(f"{package}."): value
                for name, value in list(sys.modules.items())
                if name.startswith(f"{package}.") and name.count(".") == 1
            }
            for key, value in (vars(module) | inner).items():
                inside = isinstance(value, types.ModuleType) and not key.startswith("_")
                if inside and id(value) not in done:
                    done.add(id(value))
                    yield f"{package}.{key}", value

    def _add_class(self, name: str, cls: type, seen: set[int]) -> None:
        """Remember the methods of a class and of all classes derived from it.

        The class of an eager tensor is not public, only an ancestor is.
        """
        todo = [cls] if cls.__flags__ & _CAN_CHANGE else []
        while todo:
            member = todo.pop()
            seen.add(id(member))
            todo += [sub for sub in type.__subclasses__(member) if id(sub) not in seen]
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


def _is_method(cls: type, key: str) -> bool:
    """Whether a class has a method of its own that a derived one can hide."""
    return cls is not object and isinstance(vars(cls).get(key), _METHODS)


def _kept(value: Any) -> bool:
    """Functions and classes; module objects load lazily and may change by right."""
    return callable(value) and not isinstance(value, types.ModuleType)
