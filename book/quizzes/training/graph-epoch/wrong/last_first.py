# fails: returns the values of all steps, in order
import tensorflow as tf


def make_epoch(step):
    """Return a function that takes `step` on every batch of a dataset."""

    @tf.function
    def run(batches, steps):
        values = tf.TensorArray(tf.float32, steps)
        for i in tf.range(steps):
            x, y = next(batches)
            values = values.write(i, step(x, y))
        return values.stack()[::-1]

    def epoch(dataset):
        return run(iter(dataset), tf.cast(dataset.cardinality(), tf.int32))

    return epoch
