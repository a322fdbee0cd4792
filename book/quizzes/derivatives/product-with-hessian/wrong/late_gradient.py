# fails: one variable
import tensorflow as tf


def hvp(function, variables, vectors):
    with tf.autodiff.ForwardAccumulator(variables, vectors) as accumulator:
        with tf.GradientTape() as tape:
            y = function()
    gradients = tape.gradient(y, variables)
    return accumulator.jvp(gradients, unconnected_gradients="zero")
