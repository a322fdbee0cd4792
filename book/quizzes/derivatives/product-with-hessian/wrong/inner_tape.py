# fails: one variable
import tensorflow as tf


def hvp(function, variables, vectors):
    with tf.autodiff.ForwardAccumulator(variables, vectors) as accumulator:
        with tf.GradientTape() as tape:
            y = function()
            slope = accumulator.jvp(y)
    return tape.gradient(slope, variables, unconnected_gradients="zero")
