"""Trace types: what of an argument a trace depends on.

Two arguments with one type can share a trace, and so can an argument whose type is a
subtype of the one that was traced.
TensorFlow: tensorflow/core/function/trace_type/default_types.py; `TraceType` in
tensorflow/python/types/trace.py. The type of a tensor is `microtf.spec.TensorSpec`.
"""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Sequence
from typing import Any, Protocol, runtime_checkable

from microtf.tensor import Tensor


@runtime_checkable
class TraceType(Protocol):
    """The type of an argument. It has to be hashable, too."""

    def is_subtype_of(self, other: Any) -> bool:
        """Whether a trace for `other` may be used for this type."""

    def most_specific_common_supertype(self, others: Sequence[Any]) -> Any:
        """Return the narrowest type above this one and `others`, None if none is."""

    def placeholder_value(self, graph: Any) -> Any:
        """Return what stands for the argument while the function is traced."""

    def to_tensors(self, value: Any) -> list[Tensor]:
        """Return the tensors in a value of this type, as inputs of the graph."""


class Invariant:
    """A type that has no subtype but itself, and whose value is part of the trace."""

    def is_subtype_of(self, other: Any) -> bool:
        """Whether the two are equal."""
        return self == other

    def most_specific_common_supertype(self, others: Sequence[Any]) -> Any:
        """Return the type itself if all others are equal to it."""
        return self if all(self == other for other in others) else None

    def to_tensors(self, value: Any) -> list[Tensor]:
        """Return nothing: the value is in the graph already."""
        return []


class Literal(Invariant):
    """A Python value, compared by `==`: 1, 1.0, and True have one type.

    >>> Literal(1) == Literal(1.0), Literal(1) == Literal(2)
    (True, False)
    """

    def __init__(self, value: Hashable):
        self.value = value
        self._hash = hash(value)

    def placeholder_value(self, graph: Any) -> Any:
        """Return the value itself: the trace contains its consequences."""
        return self.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and self.value == other.value

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Literal[{self.value!r}]"


class Weakref(Invariant):
    """A Python object, known by reference: by identity, unless it defines `==`.

    Once the object is gone its trace is never used again.
    """

    def __init__(self, value: Any):
        self._ref = weakref.ref(value)
        self._hash = hash(self._ref)

    def placeholder_value(self, graph: Any) -> Any:
        """Return the object itself."""
        return self._ref()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Weakref) or None in (self._ref(), other._ref()):
            return False
        return self._ref == other._ref  # compares the objects

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Weakref[{self._ref()!r}]"


class Structure:
    """A container: of a certain kind, with a type for each thing in it."""

    def __init__(self, kind: type, keys: Sequence[Hashable], parts: Sequence[Any]):
        self.kind, self.keys, self.parts = kind, tuple(keys), tuple(parts)

    def _matches(self, other: Any) -> bool:
        same = isinstance(other, Structure) and self.kind is other.kind
        return same and self.keys == other.keys and len(self.parts) == len(other.parts)

    def is_subtype_of(self, other: Any) -> bool:
        """Whether the containers match, and each part is a subtype of the other."""
        return self._matches(other) and all(
            mine.is_subtype_of(part)
            for mine, part in zip(self.parts, other.parts, strict=True)
        )

    def most_specific_common_supertype(self, others: Sequence[Any]) -> Any:
        """Return the container of the parts' supertypes, if all of them have one."""
        if not all(self._matches(other) for other in others):
            return None
        columns = zip(*(other.parts for other in others), strict=True)
        parts = [
            part.most_specific_common_supertype(column)
            for part, column in zip(self.parts, columns, strict=True)
        ]
        return None if None in parts else Structure(self.kind, self.keys, parts)

    def placeholder_value(self, graph: Any) -> Any:
        """Return a container of placeholders."""
        values = [part.placeholder_value(graph) for part in self.parts]
        return self.kind(zip(self.keys, values, strict=True) if self.keys else values)

    def to_tensors(self, value: Any) -> list[Tensor]:
        """Return the tensors of all parts, in their order."""
        values = [value[key] for key in self.keys] if self.keys else value
        pairs = zip(self.parts, values, strict=True)
        return [tensor for part, item in pairs for tensor in part.to_tensors(item)]

    def __eq__(self, other: object) -> bool:
        return self._matches(other) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash((self.kind, self.keys, self.parts))

    def __repr__(self) -> str:
        parts = [repr(part) for part in self.parts]
        if self.keys:
            parts = [f"{k}: {p}" for k, p in zip(self.keys, parts, strict=True)]
        return f"{self.kind.__name__.capitalize()}[{', '.join(parts)}]"
