import keras
from keras import ops


class RelativeError(keras.metrics.Metric):
    """Sum of absolute errors over sum of absolute labels, times a scale."""

    def __init__(self, scale=1.0, name="relative_error", **options):
        super().__init__(name=name, **options)
        self.scale = scale
        self.errors, self.sizes = keras.metrics.Sum(), keras.metrics.Sum()

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        y_pred = ops.reshape(ops.cast(y_pred, "float32"), (-1,))
        if sample_weight is not None:
            sample_weight = ops.reshape(sample_weight, (-1,))
        self.errors.update_state(ops.abs(y_true - y_pred), sample_weight)
        self.sizes.update_state(ops.abs(y_true), sample_weight)

    def result(self):
        sizes = self.sizes.result()
        return ops.where(sizes > 0, self.scale * self.errors.result() / sizes, 0.0)

    def get_config(self):
        return {**super().get_config(), "scale": self.scale}
