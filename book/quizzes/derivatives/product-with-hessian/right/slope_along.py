import tensorflow as tf


def hvp(function, variables, vectors):
    with tf.GradientTape() as tape:
        with tf.autodiff.ForwardAccumulator(variables, vectors) as accumulator:
            y = function()
        slope = accumulator.jvp(y, unconnected_gradients="zero")
    return tape.gradient(slope, variables, unconnected_gradients="zero")
