# fails: a slope of zeros
import tensorflow as tf


def slope_penalty(score, pictures, weights):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(pictures)
            scores = score(pictures)
        slopes = inner.gradient(scores, pictures)
        penalty = tf.reduce_mean((tf.norm(slopes, axis=1) - 1.0) ** 2)
    gradients = outer.gradient(penalty, weights, unconnected_gradients="zero")
    return penalty, [tf.where(tf.math.is_nan(g), 0.0, g) for g in gradients]
