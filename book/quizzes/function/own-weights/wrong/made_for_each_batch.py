# fails: the weights stay
import tensorflow as tf


class Mixer:
    def __init__(self, units):
        self.units, self.functions = units, {}

    def mix(self, x):
        if self.weights is None:
            columns = x.shape[1]
            self.weights = tf.Variable(tf.fill([columns, self.units], 1.0 / columns))
        return x @ self.weights

    def __call__(self, x):
        if x.shape[0] not in self.functions:
            self.weights = None
            self.functions[x.shape[0]] = tf.function(self.mix)
        return self.functions[x.shape[0]](x)
