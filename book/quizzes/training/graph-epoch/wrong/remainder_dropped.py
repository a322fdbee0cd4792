# fails: takes a short last batch
import tensorflow as tf


def make_epoch(step):
    """Return a function that takes `step` on every batch of a dataset."""

    @tf.function
    def run(batches, steps):
        values = tf.TensorArray(tf.float32, steps)
        for i in tf.range(steps):
            x, y = next(batches)
            values = values.write(i, step(x, y))
        return values.stack()

    def epoch(dataset):
        dataset = dataset.unbatch().batch(2, drop_remainder=True)
        count = sum(1 for _ in dataset)
        dataset = dataset.apply(tf.data.experimental.assert_cardinality(count))
        return run(iter(dataset), tf.cast(dataset.cardinality(), tf.int32))

    return epoch
