import tensorflow as tf


def length(row):
    square = tf.tensordot(row, row, 1)
    return tf.cond(square > 0.0, lambda: tf.sqrt(square), lambda: 0.0 * square)


def slope_penalty(score, pictures, weights):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(pictures)
            total = tf.reduce_sum(score(pictures))
        slopes = tf.unstack(inner.gradient(total, pictures))
        penalty = tf.reduce_mean([tf.square(length(row) - 1.0) for row in slopes])
    gradients = outer.gradient(penalty, weights)
    pairs = zip(gradients, weights)
    return penalty, [tf.zeros_like(w) if g is None else g for g, w in pairs]
