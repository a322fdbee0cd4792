# fails: returns int32
import tensorflow as tf


def first_crossing(values, limit):
    """Return the index of the first value above the limit, or -1, as int32."""
    found = tf.constant(-1, tf.int64)
    for i in tf.range(tf.size(values)):
        if values[i] > limit:
            found = tf.cast(i, tf.int64)
            break
    return found
