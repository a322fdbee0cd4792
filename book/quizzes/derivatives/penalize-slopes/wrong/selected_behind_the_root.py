# fails: differentiated once more
import tensorflow as tf


def slope_penalty(score, pictures, weights):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(pictures)
            scores = score(pictures)
        slopes = inner.gradient(scores, pictures)
        squares = tf.reduce_sum(slopes * slopes, axis=1)
        lengths = tf.where(squares > 0.0, tf.sqrt(squares), tf.zeros_like(squares))
        penalty = tf.reduce_mean((lengths - 1.0) ** 2)
    return penalty, outer.gradient(penalty, weights, unconnected_gradients="zero")
