"""Shape functions: the shape of a result, before anything is computed.

A shape function takes the shapes of the inputs, the attributes, and the values of the
inputs as far as they are known (None where not), and returns the shapes of the outputs.
TensorFlow: the C++ functions given to `REGISTER_OP(...).SetShapeFn`, such as those in
tensorflow/core/framework/common_shape_fns.cc.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from microtf.op_def import find_op, infer_types, output_dtypes
from microtf.spec import Shape, TensorSpec, merge

Shapes = Sequence[Shape]
Attrs = dict[str, Any]
Values = Sequence[np.ndarray | None]


def infer(
    op_type: str,
    specs: Sequence[TensorSpec],
    attrs: Attrs,
    values: Values | None = None,
) -> list[TensorSpec]:
    """Return the spec of each output of an op.

    `values` are the inputs' values where they are known while a graph is built: those
    of constants, of which the shape of a `Reshape` is one. Raises LookupError for an op
    that is not defined, TypeError for dtypes and ValueError for shapes that do not fit.

    >>> infer("MatMul", [TensorSpec([None, 3]), TensorSpec([3, 2])], {})
    [TensorSpec(shape=(None, 2), dtype=float32)]
    """
    op_def = find_op(op_type)
    if op_def is None:
        raise LookupError(
            f"expected an op type with a definition, got {op_type!r}; "
            "microtf.register_op adds one"
        )
    types = infer_types(op_def, [spec.dtype for spec in specs], attrs)
    values = [None] * len(specs) if values is None else values
    shapes = op_def.shape_function([spec.shape for spec in specs], attrs, values)
    dtypes = output_dtypes(op_def, types, attrs)
    return [TensorSpec(s, d) for s, d in zip(shapes, dtypes, strict=True)]


def unchanged(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The result has the shape of the first input."""
    return [shapes[0]]


def nothing(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """There is no result."""
    return []


def merged(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """All inputs have one shape, and so has the result."""
    return [reduce(merge, shapes)]


def from_attr(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The op holds it in an attribute, as its `value` or its `shape`."""
    return [np.shape(attrs["value"]) if "value" in attrs else attrs.get("shape")]


def broadcast(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The inputs are stretched to one shape. TensorFlow: `BroadcastBinaryOpShapeFn`."""
    return [reduce(broadcast_two, shapes)]


def broadcast_two(a: Shape, b: Shape) -> Shape:
    """Return the shape to which two shapes broadcast.

    >>> broadcast_two((None, 1), (3,))
    (None, 3)
    """
    if a is None or b is None:
        return None
    rank = max(len(a), len(b))
    pairs = zip(_aligned(a, rank), _aligned(b, rank), strict=True)
    try:
        return tuple(_stretch(n, m) for n, m in pairs)
    except ValueError as error:
        raise ValueError(f"expected shapes that broadcast, got {a} and {b}") from error


def _aligned(shape: tuple[int | None, ...], rank: int) -> tuple[int | None, ...]:
    return (1,) * (rank - len(shape)) + shape


def _stretch(n: int | None, m: int | None) -> int | None:
    if n == 1 or m == 1:
        return m if n == 1 else n
    if n is None or m is None:
        # An unknown length must turn out to be 1 or the length that it meets.
        return m if n is None else n
    if n != m:
        raise ValueError
    return n


def reduction(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """Some axes go, or become 1 with `keep_dims`; which ones, the second input says."""
    shape, axis = shapes[0], values[1]
    keep = attrs.get("keep_dims", False)
    if shape is None or axis is None:
        return [(None,) * len(shape) if keep and shape is not None else None]
    gone = {axis_of(a, len(shape)) for a in np.ravel(axis)}
    if keep:
        return [tuple(1 if a in gone else n for a, n in enumerate(shape))]
    return [tuple(n for a, n in enumerate(shape) if a not in gone)]


def axis_of(axis: Any, rank: int) -> int:
    """Return the number of an axis, counted from the front."""
    if not -rank <= axis < rank:
        raise ValueError(f"expected an axis of a tensor of rank {rank}, got {axis}")
    return int(axis) % rank


def matmul(flip_a: str, flip_b: str) -> Callable[..., list[Shape]]:
    """The shape of a product of matrices, or of batches of them."""

    def shape_function(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
        a, b = shapes
        if a is None or b is None:
            return [None]
        if min(len(a), len(b)) < 2:
            raise ValueError(f"expected matrices, got shapes {a} and {b}")
        rows, inner_a = a[-2:][::-1] if attrs.get(flip_a) else a[-2:]
        inner_b, columns = b[-2:][::-1] if attrs.get(flip_b) else b[-2:]
        if None not in (inner_a, inner_b) and inner_a != inner_b:
            raise ValueError(f"expected matrices that fit, got shapes {a} and {b}")
        return [(*broadcast_two(a[:-2], b[:-2]), rows, columns)]

    return shape_function


def lookup(resource: np.ndarray | None) -> Shape:
    """Return the shape of the value behind a variable's handle, if it is known."""
    return None if resource is None else resource.item().resource.spec.shape


def read_variable(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The handle knows the shape of the variable's value."""
    return [lookup(values[0])]


def called(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The op calls a graph, which knows the shapes of its outputs."""
    return [output.shape for output in attrs["f"].outputs]


def of_branches(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """Either branch may run: what both know of an output is known of the result."""
    pairs = zip(attrs["then_branch"].outputs, attrs["else_branch"].outputs, strict=True)
    return [t.spec.most_specific_common_supertype([e.spec]).shape for t, e in pairs]


def unchanged_list(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """What a loop repeats has the same shapes before and after each round."""
    return list(shapes)
