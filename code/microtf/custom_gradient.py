"""Functions that bring a gradient of their own.

TensorFlow: `custom_gradient` in tensorflow/python/ops/custom_gradient.py. In a graph it
gives the function to an `IdentityN` node under the name of a gradient of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from microtf import nest
from microtf.math_ops import identity
from microtf.op import current_graph
from microtf.record import record_operation
from microtf.tensor import Tensor, convert_to_tensor


def custom_gradient(f: Callable[..., tuple[Any, Callable]]) -> Callable[..., Any]:
    """Decorate a function that returns its result and a gradient function for it.

    The gradient function takes one upstream gradient per result and returns one
    gradient per argument. Arguments are converted to tensors first.

    >>> from microtf import GradientTape, constant
    >>> @custom_gradient
    ... def reverse(x):
    ...     return identity(x), lambda upstream: -upstream
    >>> x = constant(2.0)
    >>> with GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = reverse(x)
    >>> float(y), float(tape.gradient(y, x))
    (2.0, -1.0)
    """

    @functools.wraps(f)
    def decorated(*args: Any) -> Any:
        inputs = [convert_to_tensor(argument) for argument in args]
        result, grad_fn = f(*inputs)
        # New tensors: the results of the ops inside belong to the ops' own records,
        # which stay on the tape, and from here on lead nowhere.
        outputs = [identity(tensor) for tensor in nest.flatten(result)]

        def backward(*upstream: Tensor) -> list[Tensor | None]:
            return nest.flatten(grad_fn(*upstream))

        record_operation(f.__name__, outputs, inputs, backward)
        if current_graph() is not None:  # for tapes that will meet the graph as one op
            record = f.__name__, outputs, inputs, backward
            current_graph().custom_records[outputs[-1].op] = record
        return nest.pack_sequence_as(result, outputs)

    return decorated
