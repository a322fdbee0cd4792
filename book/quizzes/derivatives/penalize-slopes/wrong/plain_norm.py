# fails: a slope of zeros
import tensorflow as tf


def slope_penalty(score, pictures, weights):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(pictures)
            scores = score(pictures)
        slopes = inner.gradient(scores, pictures)
        penalty = tf.reduce_mean((tf.norm(slopes, axis=1) - 1.0) ** 2)
    return penalty, outer.gradient(penalty, weights, unconnected_gradients="zero")
