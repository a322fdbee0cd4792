# fails: tensors and None
import tensorflow as tf


def total_norm(gradients):
    total = tf.constant(0.0)
    for gradient in gradients:
        if gradient is None:
            continue
        if isinstance(gradient, tf.IndexedSlices):
            rows, place = tf.unique(gradient.indices)
            gradient = tf.math.unsorted_segment_sum(
                gradient.values, place, tf.size(rows)
            )
        total += tf.sqrt(tf.reduce_sum(gradient * gradient))
    return total
