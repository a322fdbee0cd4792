import tensorflow as tf


@tf.custom_gradient
def lengths_of(rows):
    lengths = tf.norm(rows, axis=1)
    directions = tf.math.divide_no_nan(rows, lengths[:, None])
    return lengths, lambda upstream: upstream[:, None] * directions


def slope_penalty(score, pictures, weights):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(pictures)
            total = tf.reduce_sum(score(pictures))
        lengths = lengths_of(inner.gradient(total, pictures))
        penalty = tf.reduce_mean(tf.square(lengths - 1.0))
    gradients = outer.gradient(penalty, weights)
    pairs = zip(gradients, weights)
    return penalty, [tf.zeros_like(w) if g is None else g for g, w in pairs]
