# fails: a first call
import tensorflow as tf


class Mixer:
    """Multiplies by weights that are made when the first batch comes."""

    def __init__(self, units):
        self.units = units
        self.weights = None

    @tf.function
    def __call__(self, x):
        if self.weights is None:
            columns = x.shape[1]
            self.weights = tf.fill([columns, self.units], 1.0 / columns)
        return x @ self.weights
