# fails: looks no further than it has to
import tensorflow as tf


def first_crossing(values, limit):
    """Return the index of the first value above the limit, or -1, as int32."""
    above = tf.cast(values > limit, tf.int32)
    first = tf.argmax(tf.pad(above, [[0, 1]], constant_values=1), output_type=tf.int32)
    return tf.where(first < tf.size(values), first, -1)
