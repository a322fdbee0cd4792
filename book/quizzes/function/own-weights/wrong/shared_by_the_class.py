# fails: several mixers
import tensorflow as tf


class Mixer:
    made = {}

    def __init__(self, units):
        self.units = units

    @tf.function
    def __call__(self, x):
        key = x.shape[1], self.units
        if key not in self.made:
            self.made[key] = tf.Variable(tf.fill(key, 1.0 / key[0]))
        self.weights = self.made[key]
        return x @ self.weights
