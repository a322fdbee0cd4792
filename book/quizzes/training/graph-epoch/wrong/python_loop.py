# fails: Python does not run between batches
import tensorflow as tf


def make_epoch(step):
    """Return a function that takes `step` on every batch of a dataset."""

    def epoch(dataset):
        return tf.stack([step(x, y) for x, y in dataset])

    return epoch
