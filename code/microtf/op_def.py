"""Op definitions: what an op takes and returns, whoever computes it and wherever.

The signatures are written as in TensorFlow's `REGISTER_OP`. TensorFlow: `OpDef` in
tensorflow/core/framework/op_def.proto, `OpRegistry` in tensorflow/core/framework/op.h.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from microtf.spec import Shape

# Takes the inputs' shapes, the attributes, and the inputs' values where they are known.
ShapeFunction = Callable[..., list[Shape]]
# Any other word in the place of a type is the name of a type attribute.
_DTYPES = {name: np.dtype(name) for name in ("bool", "int32", "int64", "float32")}
_DTYPES["resource"] = _DTYPES["variant"] = np.dtype(object)

_definitions: dict[str, OpDef] = {}


@dataclass(frozen=True)
class Arg:
    """One input or output: a name, a type, and for a list what says its length.

    `type` is a dtype, or the name of a type attribute such as `T`. `number` is the name
    of the attribute that counts a list; "*" stands for a list of mixed types, which
    the type attribute enumerates.
    """

    name: str
    type: str
    number: str = ""


@dataclass(frozen=True)
class OpDef:
    """The contract of an op type.

    `allowed` maps a type attribute to the kinds of dtype it may stand for, as NumPy's
    letters: "fc" are floating and complex numbers.
    """

    name: str
    inputs: tuple[Arg, ...]
    outputs: tuple[Arg, ...]
    shape_function: ShapeFunction
    allowed: dict[str, str]
    is_stateful: bool = False

    @property
    def returns_list(self) -> bool:
        """Whether a program receives a list, and not the one output by itself."""
        return len(self.outputs) != 1 or bool(self.outputs[0].number)


def register_op(
    op_type: str,
    signature: str,
    shape_function: ShapeFunction,
    *,
    is_stateful: bool = False,
    **allowed: str,
) -> OpDef:
    """Define an op type. TensorFlow: `REGISTER_OP`.

    `signature` reads "x: T, y: T -> z: T"; "values: N * T" is a list of `N` tensors,
    "input: list(Tin)" one of mixed types. Raises KeyError for a second definition.

    >>> copy = register_op("MyCopy", "x: T -> y: T", lambda shapes, attrs, _: shapes)
    >>> copy.outputs
    (Arg(name='y', type='T', number=''),)
    """
    if op_type in _definitions:
        raise KeyError(f"expected a new op type, got {op_type!r} a second time")
    inputs, outputs = (_parse(side) for side in signature.split("->"))
    op_def = OpDef(op_type, inputs, outputs, shape_function, allowed, is_stateful)
    return _definitions.setdefault(op_type, op_def)


def find_op(op_type: str) -> OpDef | None:
    """Return the definition of an op type, or None.

    TensorFlow: `get` in tensorflow/python/framework/op_def_registry.py.
    """
    return _definitions.get(op_type)


def registered_ops() -> list[str]:
    """Return the op types that are defined, in alphabetical order."""
    return sorted(_definitions)


def _parse(side: str) -> tuple[Arg, ...]:
    args = []
    for text in filter(None, map(str.strip, side.split(","))):
        name, kind = map(str.strip, text.split(":"))
        if kind.startswith("list("):
            args.append(Arg(name, kind[5:-1], "*"))
        else:
            *number, dtype = map(str.strip, kind.split("*"))
            args.append(Arg(name, dtype, *number))
    return tuple(args)


def infer_types(
    op_def: OpDef, dtypes: Sequence[np.dtype], attrs: dict[str, Any]
) -> dict[str, Any]:
    """Find what each type attribute stands for, from the inputs and the attributes.

    Raises TypeError where two inputs disagree, or where a dtype is not allowed.

    >>> infer_types(find_op("AddV2"), [np.dtype("int32")] * 2, {})
    {'T': dtype('int32')}
    """
    types = {a.type: attrs[a.type] for a in op_def.outputs if a.type in attrs}
    for number, (arg, dtype) in enumerate(
        zip(input_args(op_def, dtypes), dtypes, strict=True)
    ):
        if arg.number == "*":
            continue
        expected = types.setdefault(arg.type, _DTYPES.get(arg.type) or dtype)
        if dtype != expected:
            raise TypeError(
                f"cannot compute {op_def.name} as input #{number} ({arg.name}) was "
                f"expected to be a {expected} tensor but is a {dtype} tensor; "
                "microtf.cast changes a dtype"
            )
    for name, kinds in op_def.allowed.items():
        if np.dtype(types[name]).kind not in kinds:
            raise TypeError(
                f"{op_def.name} has no meaning for {name}={types[name]}: expected a "
                f"dtype of a kind in {kinds!r}"
            )
    return types


def output_dtypes(
    op_def: OpDef, types: dict[str, Any], attrs: dict[str, Any]
) -> list[np.dtype]:
    """Return the dtype of each output, given what the type attributes stand for."""
    dtypes: list[Any] = []
    for arg in op_def.outputs:
        if arg.number == "*":
            dtypes += attrs[arg.type]
        else:
            count = attrs[arg.number] if arg.number else 1
            dtypes += [_DTYPES.get(arg.type) or types[arg.type]] * count
    return [np.dtype(dtype) for dtype in dtypes]


def input_args(op_def: OpDef, inputs: Sequence[Any]) -> list[Arg]:
    """Return the definition's input for each input given: a list takes what is left."""
    lists = sum(bool(arg.number) for arg in op_def.inputs)
    length = len(inputs) - len(op_def.inputs) + lists
    if length < 0 or (length and not lists):
        names = ", ".join(arg.name for arg in op_def.inputs)
        raise TypeError(
            f"{op_def.name} expected the inputs ({names}), got {len(inputs)} inputs"
        )
    return [a for arg in op_def.inputs for a in [arg] * (length if arg.number else 1)]
