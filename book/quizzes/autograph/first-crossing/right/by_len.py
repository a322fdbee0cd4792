import tensorflow as tf


def first_crossing(values, limit):
    """Return the index of the first value above the limit, or -1, as int32."""
    found = -1
    for i in tf.range(len(values)):
        if values[i] > limit:
            found = i
            break
    return found
