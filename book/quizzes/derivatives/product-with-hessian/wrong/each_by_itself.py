# fails: several variables
import tensorflow as tf


def hvp(function, variables, vectors):
    products = []
    for variable, vector in zip(variables, vectors):
        with tf.autodiff.ForwardAccumulator(variable, vector) as accumulator:
            with tf.GradientTape() as tape:
                y = function()
            gradient = tape.gradient(y, variable, unconnected_gradients="zero")
        products.append(accumulator.jvp(gradient, unconnected_gradients="zero"))
    return products
