import tensorflow as tf


def hvp(function, variables, vectors):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = function()
        gradients = inner.gradient(y, variables, unconnected_gradients="zero")
    return outer.gradient(
        gradients,
        variables,
        output_gradients=vectors,
        unconnected_gradients="zero",
    )
