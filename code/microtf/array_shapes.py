"""Shape functions of the ops that move elements about.

Most of them have an input that says where to, such as the `shape` of `Reshape`: where
its value is unknown, so is the shape of the result, and often its rank.
TensorFlow: tensorflow/core/ops/array_ops.cc (C++).
"""

from __future__ import annotations

import math

import numpy as np

from microtf.shapes import Attrs, Shapes, Values, axis_of, broadcast_two
from microtf.spec import Shape, merge


def _of_length(vector: Shape) -> Shape:
    """Return a shape with as many unknown lengths as a vector has elements."""
    return None if vector is None or vector[0] is None else (None,) * vector[0]


def given(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The second input is the shape of the result."""
    return [_of_length(shapes[1]) if values[1] is None else tuple(values[1].tolist())]


def broadcast_to(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The second input is the shape, to which the first is stretched."""
    (wanted,) = given(shapes, attrs, values)
    return [merge(wanted, broadcast_two(wanted, shapes[0]))]


def reshape(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The second input is the shape, in which -1 stands for what is left."""
    (wanted,), old = given(shapes, attrs, values), shapes[0]
    known = old is not None and None not in old
    if wanted is None or None in wanted or not known:
        return [wanted and tuple(None if n == -1 else n for n in wanted)]
    size, rest = math.prod(old), math.prod(n for n in wanted if n != -1)
    fits = size == rest if -1 not in wanted else rest and size % rest == 0
    if not fits:
        raise ValueError(f"expected a shape for {size} elements, got {wanted}")
    return [tuple(size // rest if n == -1 else n for n in wanted)]


def transpose(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The second input is the order of the axes."""
    shape, perm = shapes[0], values[1]
    if shape is None or perm is None:
        return [_of_length(shapes[1]) if shape is None else (None,) * len(shape)]
    if sorted(perm.tolist()) != list(range(len(shape))):
        raise ValueError(f"expected an order of {len(shape)} axes, got {perm}")
    return [tuple(shape[a] for a in perm)]


def expand_dims(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """One axis more, of length 1, where the second input says."""
    shape, axis = shapes[0], values[1]
    if shape is None or axis is None:
        return [None]
    at = axis_of(axis, len(shape) + 1)
    return [(*shape[:at], 1, *shape[at:])]


def squeeze(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The axes of `axis` go, or all of length 1."""
    (shape,), axes = shapes, attrs.get("axis", ())
    if shape is None or (None in shape and not axes):
        return [None]
    gone = {axis_of(a, len(shape)) for a in axes}
    gone = gone or {a for a, n in enumerate(shape) if n == 1}
    if any(shape[a] not in (1, None) for a in gone):
        raise ValueError(f"expected axes of length 1 to squeeze, got {shape}")
    return [tuple(n for a, n in enumerate(shape) if a not in gone)]


def tile(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """Each axis is repeated as often as the second input says."""
    shape, multiples = shapes[0], values[1]
    if shape is None or multiples is None:
        return [_of_length(shapes[1]) if shape is None else (None,) * len(shape)]
    pairs = zip(shape, multiples.tolist(), strict=True)
    return [tuple(n and n * times for n, times in pairs)]


def concat(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """One axis adds up, the others agree; which one, the last input says."""
    *parts, _ = shapes
    axis = values[-1]
    if axis is None or None in parts:
        ranks = {len(part) for part in parts if part is not None}
        return [(None,) * ranks.pop() if len(ranks) == 1 else None]
    at = axis_of(axis, len(parts[0]))
    total = None
    for part in parts:
        total = merge(total, (*part[:at], None, *part[at + 1 :]))
    lengths = [part[at] for part in parts]
    length = None if None in lengths else sum(lengths)
    return [(*total[:at], length, *total[at + 1 :])]


def pack(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The inputs agree, and a new axis counts them."""
    one = None
    for shape in shapes:
        one = merge(one, shape)
    if one is None:
        return [None]
    at = axis_of(attrs.get("axis", 0), len(one) + 1)
    return [(*one[:at], len(shapes), *one[at:])]


def unpack(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """`num` slices, each without the axis that was taken apart."""
    (shape,), num = shapes, attrs["num"]
    if shape is None:
        return [None] * num
    at = axis_of(attrs.get("axis", 0), len(shape))
    if shape[at] not in (num, None):
        raise ValueError(f"expected {num} slices along axis {at}, got shape {shape}")
    return [(*shape[:at], *shape[at + 1 :])] * num


def slice_(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The third input is the size; -1 stands for what is left after the second."""
    shape, begin, size = shapes[0], values[1], values[2]
    if size is None:
        return [_of_length(shapes[2]) if shape is None else (None,) * len(shape)]
    shape = (None,) * len(size) if shape is None else shape
    starts = [None] * len(size) if begin is None else begin.tolist()

    def length(n: int | None, start: int | None, wanted: int) -> int | None:
        if wanted != -1:
            return wanted
        return None if None in (n, start) else n - start

    return [tuple(map(length, shape, starts, size.tolist()))]


def pad(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """Each axis grows at both ends by what a row of the second input says."""
    shape, paddings = shapes[0], values[1]
    if shape is None or paddings is None:
        return [None if shape is None else (None,) * len(shape)]
    pairs = zip(shape, paddings.sum(1).tolist(), strict=True)
    return [tuple(None if n is None else n + more for n, more in pairs)]


def gather(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The shape of the indices takes the place of the axis."""
    shape, indices, axis = shapes[0], shapes[1], values[2]
    if shape is None or indices is None:
        return [None]
    if axis is None:
        return [(None,) * (len(shape) - 1 + len(indices))]
    at = axis_of(axis, len(shape))
    return [(*shape[:at], *indices, *shape[at + 1 :])]


def segments(shapes: Shapes, attrs: Attrs, values: Values) -> list[Shape]:
    """The third input counts the segments, the axes of the second are gone."""
    data, ids, number = shapes[0], shapes[1], values[2]
    if data is None or ids is None:
        return [None]
    count = None if number is None else int(np.asarray(number).item())
    return [(count, *data[len(ids) :])]
