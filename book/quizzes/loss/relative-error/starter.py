import keras
import tensorflow as tf


class RelativeError(keras.metrics.Metric):
    """Sum of absolute errors over sum of absolute labels, times a scale."""

    def __init__(self, scale=1.0, name="relative_error", **options):
        super().__init__(name=name, **options)
        self.scale = scale
        self.total, self.batches = tf.Variable(0.0), tf.Variable(0.0)

    def update_state(self, y_true, y_pred, sample_weight=None):
        error = tf.reduce_mean(abs(y_true - y_pred)) / tf.reduce_mean(abs(y_true))
        self.total.assign_add(error)
        self.batches.assign_add(1.0)

    def result(self):
        return self.scale * self.total / self.batches
