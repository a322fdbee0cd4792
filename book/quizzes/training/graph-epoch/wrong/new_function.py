# fails: does not trace again
import tensorflow as tf


def make_epoch(step):
    """Return a function that takes `step` on every batch of a dataset."""

    def run(batches, steps):
        values = tf.TensorArray(tf.float32, steps)
        for i in tf.range(steps):
            x, y = next(batches)
            values = values.write(i, step(x, y))
        return values.stack()

    def epoch(dataset):
        return tf.function(run)(iter(dataset), tf.cast(dataset.cardinality(), tf.int32))

    return epoch
