import tensorflow as tf


@tf.function
def multiply(x, weights):
    return x @ weights


class Mixer:
    def __init__(self, units):
        self.units = units

    def __call__(self, x):
        if not hasattr(self, "weights"):
            start = [[1.0 / x.shape[1]] * self.units] * x.shape[1]
            self.weights = tf.Variable(start)
        return multiply(x, self.weights)
