# fails: repeated rows
import tensorflow as tf


def total_norm(gradients):
    total = tf.constant(0.0)
    for gradient in gradients:
        if gradient is None:
            continue
        if isinstance(gradient, tf.IndexedSlices):
            rows, place, counts = tf.unique_with_counts(gradient.indices)
            factors = tf.cast(tf.gather(counts, place), tf.float32)
            total += tf.reduce_sum(
                tf.square(gradient.values) * tf.reshape(factors, (-1, 1))
            )
        else:
            total += tf.reduce_sum(gradient * gradient)
    return tf.sqrt(total)
