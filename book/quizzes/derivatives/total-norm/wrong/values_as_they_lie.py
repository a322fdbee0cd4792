# fails: repeated rows
import tensorflow as tf


def total_norm(gradients):
    total = tf.constant(0.0)
    for gradient in gradients:
        if gradient is None:
            continue
        if isinstance(gradient, tf.IndexedSlices):
            gradient = gradient.values
        total += tf.reduce_sum(gradient * gradient)
    return tf.sqrt(total)
