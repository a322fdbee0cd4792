"""The type of a call: parameters with the types of what is passed for them.

TensorFlow: `FunctionType` in tensorflow/core/function/polymorphism/function_type.py.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from microtf.spec import TensorSpec
from microtf.tensor import Tensor
from microtf.trace_type_builder import from_value


@dataclass(frozen=True)
class FunctionType:
    """The parameters of a function and the type of the argument for each.

    Two calls of one type can share a trace.
    """

    signature: inspect.Signature
    arguments: Any  # the trace type of a dictionary from parameters to arguments

    @classmethod
    def of(
        cls,
        function: Callable[..., Any],
        args: Sequence[Any],
        kwargs: dict[str, Any],
        input_signature: Sequence[TensorSpec] | None = None,
    ) -> FunctionType:
        """Describe the call `function(*args, **kwargs)`, defaults included.

        An `input_signature` replaces the types of the first arguments.
        """
        signature = inspect.signature(function)
        bound = bind(signature, args, kwargs)
        given = zip(bound.arguments, input_signature or (), strict=False)
        values = bound.arguments | dict(given)
        return cls(signature, from_value(values))

    def is_subtype_of(self, other: FunctionType) -> bool:
        """Whether a function traced for `other` accepts the arguments of this call."""
        return self.arguments.is_subtype_of(other.arguments)

    def most_specific_common_supertype(
        self, others: Sequence[FunctionType]
    ) -> FunctionType | None:
        """Return the narrowest type that these calls all fit, None if there is none."""
        arguments = self.arguments.most_specific_common_supertype(
            [other.arguments for other in others]
        )
        return None if arguments is None else FunctionType(self.signature, arguments)

    def placeholder_arguments(self, graph: Any) -> inspect.BoundArguments:
        """Return what to call the Python function with while it is traced."""
        values = self.arguments.placeholder_value(graph)
        return inspect.BoundArguments(self.signature, values)

    def to_tensors(self, args: Sequence[Any], kwargs: dict[str, Any]) -> list[Tensor]:
        """Return the tensors among the arguments of a call, in the graph's order."""
        bound = bind(self.signature, args, kwargs)
        return self.arguments.to_tensors(dict(bound.arguments))

    def __repr__(self) -> str:
        pairs = zip(self.arguments.keys, self.arguments.parts, strict=True)
        return ", ".join(f"{name}: {kind!r}" for name, kind in pairs)


def bind(
    signature: inspect.Signature, args: Sequence[Any], kwargs: dict[str, Any]
) -> inspect.BoundArguments:
    """Match arguments with parameters, and fill in the defaults."""
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    return bound
