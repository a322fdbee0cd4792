import keras
import tensorflow as tf


class Mixed(keras.Sequential):
    """Trains on mixtures of each example and its opposite in the batch."""

    def train_step(self, data):
        t = tf.random.uniform(())
        mix = lambda v: t * v + (1.0 - t) * tf.reverse(v, [0])
        return super().train_step(tuple(mix(v) for v in data))
