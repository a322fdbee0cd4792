import tensorflow as tf


def hvp(function, variables, vectors):
    """Return the products of the Hessian of function() with vectors, as a list."""
    with tf.GradientTape() as tape:
        y = function()
    return tape.gradient(y, variables)
