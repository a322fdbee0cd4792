import numpy as np
import tensorflow as tf


def faults(loss, labels, outputs):
    """Return the names of the faults of a loss: labels, weights, mask, config."""
    column, other = labels[:, np.newaxis], outputs.copy()
    other[0] += 10.0
    keep = np.ones(len(labels), np.float32)
    keep[0] = 0.0

    def masked(values):
        values = tf.constant(values)
        values._keras_mask = tf.constant(keep > 0.0)
        return values

    again = type(loss).from_config(loss.get_config())
    pairs = {
        "labels": (loss(labels, outputs), loss(column, outputs)),
        "weights": (loss(column, outputs, keep), loss(column, other, keep)),
        "mask": (loss(column, masked(outputs)), loss(column, masked(other))),
        "config": (loss(column, outputs), again(column, outputs)),
    }
    return {name for name, (a, b) in pairs.items() if not np.allclose(a, b, rtol=1e-4)}
