import tensorflow as tf


def total_norm(gradients):
    """Return the length of all gradients taken together, a scalar."""
    return tf.linalg.global_norm(gradients)
