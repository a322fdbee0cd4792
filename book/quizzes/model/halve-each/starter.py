import keras
from keras import ops


class Halving(keras.Model):
    """Halve each row until the sum of its absolute values is at most `limit`."""

    def __init__(self, limit=1.0, **options):
        super().__init__(**options)
        self.limit = limit

    def call(self, inputs):
        while ops.max(ops.sum(ops.abs(inputs), axis=-1)) > self.limit:
            inputs = inputs / 2
        return inputs
