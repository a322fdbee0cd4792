"""Kernels of the ops that move elements about.

TensorFlow: tensorflow/core/kernels (C++).
"""

from __future__ import annotations

import numpy as np

from microtf.op import register_kernel


@register_kernel("Reshape")
def _reshape(tensor, shape):
    return tensor.reshape(shape)


@register_kernel("Transpose")
def _transpose(x, perm):
    return x.transpose(perm)


@register_kernel("ExpandDims")
def _expand_dims(x, axis):
    return np.expand_dims(x, int(axis))


@register_kernel("Squeeze")
def _squeeze(x, *, axis=()):
    return np.squeeze(x, tuple(axis) or None)


@register_kernel("BroadcastTo")
def _broadcast_to(x, shape):
    return np.broadcast_to(x, tuple(shape)).copy()


@register_kernel("Tile")
def _tile(x, multiples):
    return np.tile(x, multiples)


@register_kernel("ConcatV2")
def _concat(*values_and_axis):
    *values, axis = values_and_axis
    return np.concatenate(values, int(axis))


@register_kernel("Pack")
def _pack(*values, axis=0):
    return np.stack(values, axis)


@register_kernel("Unpack")
def _unpack(value, *, num, axis=0):
    if value.shape[axis] != num:
        raise ValueError(
            f"Unpack expected {num} slices along axis {axis}, got {value.shape[axis]}"
        )
    return list(np.moveaxis(value, axis, 0))


@register_kernel("Slice")
def _slice(x, begin, size):
    # A size of -1 means: to the end.
    stops = [None if n == -1 else b + n for b, n in zip(begin, size, strict=True)]
    return x[tuple(slice(b, stop) for b, stop in zip(begin, stops, strict=True))]


@register_kernel("Pad")
def _pad(x, paddings):
    return np.pad(x, paddings)


@register_kernel("GatherV2")
def _gather(params, indices, axis):
    return np.take(params, indices, int(axis))


@register_kernel("UnsortedSegmentSum")
def _unsorted_segment_sum(data, segment_ids, num_segments):
    total = np.zeros((int(num_segments), *data.shape[segment_ids.ndim :]), data.dtype)
    np.add.at(total, segment_ids, data)  # unlike `total[ids] += data`: repeats count
    return total
