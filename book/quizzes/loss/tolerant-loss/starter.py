import keras
import tensorflow as tf


class Tolerant(keras.losses.Loss):
    """Errors up to a width are free; beyond it, the excess is the cost."""

    def __init__(self, width=1.0):
        super().__init__()
        self.width = width

    def call(self, y_true, y_pred):
        return tf.maximum(abs(y_true - y_pred) - self.width, 0.0)
