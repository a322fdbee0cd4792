# fails: batches of any rank
import tensorflow as tf


def make_scores(model, rows):
    """Return a compiled function of batches of at most `rows` rows."""
    compiled = tf.function(model, jit_compile=True)

    def scores(batch):
        length = len(batch)
        return compiled(tf.pad(batch, [[0, rows - length], [0, 0]]))[:length]

    return scores
