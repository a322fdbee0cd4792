"""A second set of looking glasses: what TensorFlow knows of an op before it runs.

Like `insidetf.lens`, this module touches TensorFlow's private API, so that no other one
has to: the registries of op definitions and of kernels.
"""

from __future__ import annotations

from dataclasses import dataclass

import tensorflow as tf
from tensorflow.python.framework import kernels, op_def_registry


def op_definition(op_type: str) -> object:
    """Return TensorFlow's definition of an op type, an `OpDef` message.

    Raises LookupError for a type that is not registered.
    TensorFlow: `get` in tensorflow/python/framework/op_def_registry.py.

    >>> [arg.name for arg in op_definition("AddV2").input_arg]
    ['x', 'y']
    """
    found = op_def_registry.get(op_type)
    if found is None:
        raise LookupError(f"expected a registered op type, got {op_type!r}")
    return found


def signature(op_type: str) -> str:
    """Write an op's definition in one line, in the words of `REGISTER_OP`.

    >>> signature("AddV2")
    'x: T, y: T -> z: T'
    """
    op_def = op_definition(op_type)
    sides = (op_def.input_arg, op_def.output_arg)
    inputs, outputs = (", ".join(map(_argument, side)) for side in sides)
    return f"{inputs} -> {outputs}".strip()


def _argument(arg: object) -> str:
    if arg.type_list_attr:
        return f"{arg.name}: list({arg.type_list_attr})"
    kind = arg.type_attr or tf.as_dtype(arg.type).name
    number = f"{arg.number_attr} * " if arg.number_attr else ""
    return f"{arg.name}: {number}{kind}"


@dataclass(frozen=True)
class Kernel:
    """A registered kernel: on which device, for which values of which attributes."""

    device: str
    constraint: tuple[tuple[str, tuple[str, ...]], ...]

    def dtypes(self, attribute: str = "T") -> tuple[str, ...]:
        """Return the dtypes for one type attribute; none if it does not matter."""
        return dict(self.constraint).get(attribute, ())


def registered_kernels(op_type: str) -> list[Kernel]:
    """Return the kernels for an op type that were linked into this TensorFlow.

    TensorFlow: `get_registered_kernels_for_op` in
    tensorflow/python/framework/kernels.py.

    >>> sorted({kernel.device for kernel in registered_kernels("Sin")}) >= ["CPU"]
    True
    """
    return [
        Kernel(
            kernel.device_type,
            tuple(
                (c.name, tuple(tf.as_dtype(t).name for t in c.allowed_values.list.type))
                for c in kernel.constraint
            ),
        )
        for kernel in kernels.get_registered_kernels_for_op(op_type).kernel
    ]
