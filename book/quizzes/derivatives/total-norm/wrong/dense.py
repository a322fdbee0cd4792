# fails: no table
import tensorflow as tf


def total_norm(gradients):
    total = tf.constant(0.0)
    for gradient in gradients:
        if gradient is None:
            continue
        values = tf.convert_to_tensor(gradient)
        total += tf.reduce_sum(values * values)
    return tf.sqrt(total)
