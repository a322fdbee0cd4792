import tensorflow as tf


@tf.function
def mix(mixer, x):
    columns = x.shape[1]
    mixer.weights = tf.Variable(tf.fill([columns, mixer.units], 1.0 / columns))
    return x @ mixer.weights


class Mixer:
    """Multiplies by weights that are made when the first batch comes."""

    def __init__(self, units):
        self.units = units

    def __call__(self, x):
        return mix(self, x)
