import keras
import tensorflow as tf
from insidetf.losses import PerExampleLoss, aligned


@keras.saving.register_keras_serializable()
class Tolerant(PerExampleLoss):
    """Errors up to a width are free; beyond it, the excess is the cost."""

    def __init__(self, width=1.0, name="tolerant", **kwargs):
        super().__init__(name=name, **kwargs)
        self.width = width

    def call(self, y_true, y_pred):
        y_true, y_pred = aligned(y_true, y_pred)
        return tf.reduce_mean(tf.nn.relu(abs(y_true - y_pred) - self.width), axis=-1)

    def get_config(self):
        return {**super().get_config(), "width": self.width}
