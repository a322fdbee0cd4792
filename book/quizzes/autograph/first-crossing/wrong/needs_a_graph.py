# fails: works without a trace
import tensorflow as tf


def first_crossing(values, limit):
    """Return the index of the first value above the limit, or -1, as int32."""
    assert not tf.executing_eagerly()
    found = tf.constant(-1)
    for i in tf.range(tf.size(values)):
        if values[i] > limit:
            found = i
            break
    return found
