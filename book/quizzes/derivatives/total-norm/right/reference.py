import tensorflow as tf


def total_norm(gradients):
    """Return the length of all gradients taken together, a scalar."""
    total = tf.constant(0.0)
    for gradient in gradients:
        if gradient is None:
            continue
        if isinstance(gradient, tf.IndexedSlices):
            rows, place = tf.unique(gradient.indices)
            count = tf.size(rows)
            values = tf.math.unsorted_segment_sum(gradient.values, place, count)
        else:
            values = gradient
        total += tf.reduce_sum(values * values)
    return tf.sqrt(total)
