"""Modules: objects that can tell which variables they hold.

TensorFlow: `Module` and `_flatten_module` in tensorflow/python/module/module.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from microtf.nest import flatten
from microtf.trackable import AutoTrackable
from microtf.variable import Variable


class Module(AutoTrackable):
    """An object whose attributes are searched for variables, each time anew.

    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.steps = [Variable(1.0), Variable(2.0)]
    ...         self.offset = Variable(0.0, trainable=False)
    >>> len(Scale().variables), len(Scale().trainable_variables)
    (3, 2)
    """

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables of this module and of those below it, by attribute name."""
        return tuple(_walk(self, lambda leaf: isinstance(leaf, Variable)))

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        """Those of `variables` that are trainable."""
        return tuple(v for v in self.variables if v.trainable)

    @property
    def submodules(self) -> tuple[Module, ...]:
        """The modules below this one."""
        return tuple(_walk(self, lambda leaf: isinstance(leaf, Module)))


def _walk(
    module: Module, wanted: Callable[[Any], bool], seen: set[int] | None = None
) -> Iterator[Any]:
    """Yield what is wanted among a module's attributes, then among its submodules'.

    An object is met once, however many names lead to it.
    """
    seen = {id(module)} if seen is None else seen
    below = []
    for _, attribute in sorted(vars(module).items()):
        for leaf in flatten(attribute):
            if id(leaf) in seen:
                continue
            seen.add(id(leaf))
            if wanted(leaf):
                yield leaf
            if isinstance(leaf, Module):
                below.append(leaf)
    for submodule in below:
        yield from _walk(submodule, wanted, seen)
