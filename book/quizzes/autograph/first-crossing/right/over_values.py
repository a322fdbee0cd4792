import tensorflow as tf


def first_crossing(values, limit):
    """Return the index of the first value above the limit, or -1, as int32."""
    number, found = tf.constant(0), tf.constant(-1)
    for value in tf.convert_to_tensor(values):
        if value > limit:
            found = number
            break
        number = number + 1
    return found
