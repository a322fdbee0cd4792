# fails: one trace, for the full shape
import tensorflow as tf


def make_scores(model, rows):
    """Return a compiled function of batches of at most `rows` rows."""
    return tf.function(model, jit_compile=True, reduce_retracing=True)
