# fails: looks no further than it has to
import tensorflow as tf


def first_crossing(values, limit):
    """Return the index of the first value above the limit, or -1, as int32."""
    found = tf.constant(-1)
    for i in tf.range(tf.size(values)):
        value = values[i]
        if found < 0 and value > limit:
            found = i
    return found
