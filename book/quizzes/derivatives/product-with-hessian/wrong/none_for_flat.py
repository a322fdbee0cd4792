# fails: variables without curvature
import tensorflow as tf


def hvp(function, variables, vectors):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = function()
        gradients = inner.gradient(y, variables)
    return outer.gradient(gradients, variables, output_gradients=vectors)
