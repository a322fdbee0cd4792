# fails: the weights stay
import tensorflow as tf


@tf.function
def mix(mixer, x):
    if mixer.weights is None:
        columns = x.shape[1]
        mixer.weights = tf.Variable(tf.fill([columns, mixer.units], 1.0 / columns))
    return x @ mixer.weights


class Mixer:
    def __init__(self, units):
        self.units, self.weights = units, None

    def __call__(self, x):
        return mix(self, x)
