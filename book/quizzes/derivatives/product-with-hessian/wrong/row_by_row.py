# fails: without the matrix
import tensorflow as tf


def hvp(function, variables, vectors):
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            y = function()
        gradients = inner.gradient(y, variables, unconnected_gradients="zero")
        parts = [tf.unstack(tf.reshape(gradient, [-1])) for gradient in gradients]
    products = [tf.zeros_like(variable) for variable in variables]
    for part, vector in zip(parts, vectors):
        for element, factor in zip(part, tf.unstack(tf.reshape(vector, [-1]))):
            row = outer.gradient(element, variables, unconnected_gradients="zero")
            products = [p + factor * r for p, r in zip(products, row)]
    return products
