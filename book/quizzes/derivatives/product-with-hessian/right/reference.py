import tensorflow as tf


def hvp(function, variables, vectors):
    """Return the products of the Hessian of function() with vectors, as a list."""
    with tf.autodiff.ForwardAccumulator(variables, vectors) as accumulator:
        with tf.GradientTape() as tape:
            y = function()
        gradients = tape.gradient(y, variables, unconnected_gradients="zero")
    return accumulator.jvp(gradients, unconnected_gradients="zero")
