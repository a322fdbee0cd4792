import keras
import numpy as np


def faults(loss, labels, outputs):
    """Return the names of the faults of a loss: labels, weights, mask, config."""
    column, found = labels[:, None], set()

    def differ(a, b):
        a, b = np.asarray(a), np.asarray(b)
        return a.shape != b.shape or np.max(np.abs(a - b)) > 1e-3

    def masked(last):
        values = np.concatenate([outputs[:-1], np.full((1, 1), last, np.float32)])
        hidden = np.where(np.arange(len(labels)) < len(labels) - 1, 1.0, 0.0)
        carrier = keras.layers.Masking()(np.float32(hidden)[:, None])
        result = keras.ops.convert_to_tensor(values)
        result._keras_mask = carrier._keras_mask
        return result

    if differ(loss(labels, outputs), loss(column, outputs)):
        found.add("labels")
    weights = np.float32([1] * (len(labels) - 1) + [0])[:, None]
    changed = np.concatenate([outputs[:-1], outputs[-1:] - 50])
    if differ(loss(column, outputs, weights), loss(column, changed, weights)):
        found.add("weights")
    if differ(loss(column, masked(30.0)), loss(column, masked(-20.0))):
        found.add("mask")
    again = loss.from_config(loss.get_config())
    if differ(loss(column, outputs), again(column, outputs)):
        found.add("config")
    return found
