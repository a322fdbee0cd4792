# fails: one variable
import tensorflow as tf


def hvp(function, variables, vectors):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = function()
        gradients = inner.gradient(y, variables)
    products = outer.gradient(gradients, variables, unconnected_gradients="zero")
    return [product * vector for product, vector in zip(products, vectors)]
