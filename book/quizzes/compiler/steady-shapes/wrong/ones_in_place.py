# fails: zeros fill the batch up
import tensorflow as tf


def make_scores(model, rows):
    """Return a compiled function of batches of at most `rows` rows."""
    compiled = tf.function(model, jit_compile=True)

    def scores(batch):
        length = len(batch)
        paddings = [[0, rows - length]] + [[0, 0]] * (batch.shape.rank - 1)
        return compiled(tf.pad(batch, paddings, constant_values=1.0))[:length]

    return scores
