# fails: works in a trace
import tensorflow as tf


def first_crossing(values, limit):
    """Return the index of the first value above the limit, or -1, as int32."""
    found = tf.constant(-1)
    for i in tf.range(tf.size(values)):
        if values[i] > limit:
            found = tf.cast(values[i], tf.int32)
            break
    return found
