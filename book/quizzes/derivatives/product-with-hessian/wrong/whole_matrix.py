# fails: without the matrix
import tensorflow as tf


def hvp(function, variables, vectors):
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            y = function()
        gradients = inner.gradient(y, variables, unconnected_gradients="zero")
    products = []
    for variable in variables:
        total = tf.zeros_like(variable)
        for gradient, vector in zip(gradients, vectors):
            block = outer.jacobian(gradient, variable, unconnected_gradients="zero")
            total += tf.tensordot(vector, block, len(vector.shape))
        products.append(total)
    return products
