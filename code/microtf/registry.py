"""The gradient registry: from the type of an op to the function that knows its
derivative.

TensorFlow: `RegisterGradient` and `no_gradient` in
tensorflow/python/framework/ops.py over tensorflow/python/framework/registry.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from microtf.tensor import Tensor

GradientFunction = Callable[..., Any]

_gradient_functions: dict[str, GradientFunction | None] = {}


@dataclass(frozen=True)
class RecordedOp:
    """What a gradient function is told about the op that it differentiates.

    `inputs` or `outputs` is None where the function was found not to read it.
    TensorFlow: `_MockOp` in tensorflow/python/eager/backprop.py.
    """

    type: str
    attrs: dict[str, Any]
    inputs: Sequence[Tensor] | None
    outputs: Sequence[Tensor] | None
    skip_input_indices: Sequence[int] = ()

    def get_attr(self, name: str, default: Any = None) -> Any:
        """Return the attribute `name` that the op was run with, or `default`."""
        return self.attrs.get(name, default)


def register_gradient(op_type: str) -> Callable[[GradientFunction], GradientFunction]:
    """Decorate the gradient function of ops of type `op_type`.

    It takes a `RecordedOp` and one upstream gradient per output, and returns one
    gradient, or None, per input.

    >>> @register_gradient("Triple")
    ... def _triple(op, grad):
    ...     return 3.0 * grad
    >>> gradient_function("Triple") is _triple
    True
    """

    def register(function: GradientFunction) -> GradientFunction:
        _register(op_type, function)
        return function

    return register


def no_gradient(op_type: str) -> None:
    """Declare that ops of type `op_type` are not differentiable."""
    _register(op_type, None)


def gradient_function(op_type: str) -> GradientFunction | None:
    """Return the gradient function of `op_type`, None for a declared `no_gradient`.

    Raises LookupError for an op type that nobody said anything about.
    """
    if op_type not in _gradient_functions:
        raise LookupError(f"gradient registry has no entry for: {op_type}")
    return _gradient_functions[op_type]


def registered_gradients() -> list[str]:
    """Return the op types that the registry knows, in alphabetical order."""
    return sorted(_gradient_functions)


def reads(op_type: str, what: str) -> bool:
    """Return whether the gradient of `op_type` reads the op's inputs or outputs.

    `what` is "inputs" or "outputs". The answer is read off the function's own code.
    TensorFlow generates a table of the same answers from the source of its gradient
    functions: tensorflow/python/eager/gradient_input_output_exclusions.py.
    """
    if op_type not in _gradient_functions:
        return True  # it may be registered before the backward pass comes
    function = _gradient_functions[op_type]
    if function is None:
        return False
    code = getattr(function, "__code__", None)  # a callable object has none to read
    return code is None or what in code.co_names


def _register(op_type: str, function: GradientFunction | None) -> None:
    if op_type in _gradient_functions:
        raise KeyError(
            f"expected one gradient per op type, got a second one for {op_type!r}"
        )
    _gradient_functions[op_type] = function
