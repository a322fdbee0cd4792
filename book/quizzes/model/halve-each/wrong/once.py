# fails: halves each row by itself
import keras
from keras import ops


class Halving(keras.Model):
    """Halve each row until the sum of its absolute values is at most `limit`."""

    def __init__(self, limit=1.0, **options):
        super().__init__(**options)
        self.limit = keras.Variable(limit, trainable=False, name="limit")

    def call(self, inputs):
        def large(rows):
            return ops.sum(ops.abs(rows), axis=-1, keepdims=True) > self.limit

        def halve(rows):
            return (ops.where(large(rows), rows / 2, rows),)

        return halve(inputs)[0]
