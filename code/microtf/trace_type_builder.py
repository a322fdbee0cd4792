"""From an argument to its trace type.

TensorFlow: tensorflow/core/function/trace_type/trace_type_builder.py; `VariableSpec` in
tensorflow/python/ops/resource_variable_ops.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from microtf.record import variable_accessed
from microtf.spec import TensorSpec
from microtf.tensor import Tensor
from microtf.trace_type import Invariant, Literal, Structure, Weakref


@dataclass(frozen=True)
class VariableSpec(Invariant):
    """A variable as an argument: what is behind the handle, and who else it is.

    `alias` numbers the variables of a call, so that a trace in which two parameters
    are one variable is used for such calls alone.
    """

    spec: TensorSpec
    trainable: bool
    alias: int
    kind: type

    def placeholder_value(self, graph: Any) -> Any:
        """Return a variable whose handle is an input of the graph."""
        known = self.kind.empty_handle(self.spec)
        handle = graph.placeholder(TensorSpec.of(known), known=known.numpy())
        handle = graph.handles.setdefault(self.alias, handle)
        return self.kind.from_handle(handle, self.spec, self.trainable)

    def to_tensors(self, value: Any) -> list[Tensor]:
        """Return the handle; to pass a variable is to let tapes watch it."""
        variable_accessed(value)
        return [value.handle]


class TracingContext:
    """What the types of one call's arguments share."""

    def __init__(self) -> None:
        self._aliases: dict[int, int] = {}

    def alias(self, handle_id: int) -> int:
        """Return the number of a variable among those of the call."""
        return self._aliases.setdefault(handle_id, len(self._aliases))


def from_value(value: Any, context: TracingContext | None = None) -> Any:
    """Return the trace type of an argument.

    A class can say what the type of its objects is, by `__tf_tracing_type__(context)`.

    >>> from_value([np.zeros((2, 3), np.float32), 1])
    List[TensorSpec(shape=(2, 3), dtype=float32), Literal[1]]
    """
    context = context or TracingContext()
    if hasattr(value, "__tf_tracing_type__"):
        return value.__tf_tracing_type__(context)
    if isinstance(value, TensorSpec):
        return value
    if isinstance(value, Tensor | np.ndarray | np.generic):
        return TensorSpec.of(value)
    if isinstance(value, Mapping):
        parts = [from_value(value[key], context) for key in value]
        return Structure(dict, tuple(value), parts)
    if isinstance(value, list | tuple):
        kind = list if isinstance(value, list) else tuple
        return Structure(kind, (), [from_value(item, context) for item in value])
    try:
        return Weakref(value)
    except TypeError:  # numbers, strings, and None take no weak references
        return _literal(value)


def _literal(value: Any) -> Literal:
    try:
        return Literal(value)
    except TypeError as error:
        raise TypeError(
            f"expected an argument that is hashable, got {value!r}; pass a tensor, or "
            "give its class a `__tf_tracing_type__`"
        ) from error
