import tensorflow as tf


def total_norm(gradients):
    squares = [square(g) for g in gradients if g is not None]
    return tf.sqrt(tf.add_n(squares)) if squares else tf.constant(0.0)


def square(gradient):
    if not isinstance(gradient, tf.IndexedSlices):
        return tf.reduce_sum(tf.square(gradient))
    indices = gradient.indices
    same = tf.cast(indices[:, None] == indices[None, :], tf.float32)
    flat = tf.reshape(gradient.values, (tf.size(indices), -1))
    return tf.reduce_sum(same * tf.matmul(flat, flat, transpose_b=True))
