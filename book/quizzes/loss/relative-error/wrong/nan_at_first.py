# fails: nothing seen
import keras
import tensorflow as tf


class RelativeError(keras.metrics.Metric):
    """Sum of absolute errors over sum of absolute labels, times a scale."""

    def __init__(self, scale=1.0, name="relative_error", **options):
        super().__init__(name=name, **options)
        self.scale = scale
        self.errors = self.add_variable((), "zeros", name="errors")
        self.sizes = self.add_variable((), "zeros", name="sizes")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = self._flat(y_true), self._flat(y_pred)
        weight = 1.0 if sample_weight is None else self._flat(sample_weight)
        self.errors.assign_add(tf.reduce_sum(weight * abs(y_true - y_pred)))
        self.sizes.assign_add(tf.reduce_sum(weight * abs(y_true)))

    def _flat(self, values):
        return tf.reshape(tf.cast(values, self.dtype), [-1])

    def result(self):
        return self.scale * self.errors.value / self.sizes.value

    def get_config(self):
        return super().get_config() | {"scale": self.scale}
