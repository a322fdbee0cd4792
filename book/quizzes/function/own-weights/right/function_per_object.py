import tensorflow as tf


class Mixer:
    def __init__(self, units):
        self.units, self.weights = units, None
        self.compiled = tf.function(self.mix)

    def mix(self, x):
        if self.weights is None:
            start = tf.ones([x.shape[1], self.units]) / x.shape[1]
            self.weights = tf.Variable(start)
        return tf.matmul(x, self.weights)

    def __call__(self, x):
        return self.compiled(x)
