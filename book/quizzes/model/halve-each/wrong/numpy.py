# fails: works under predict
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

        rows = ops.convert_to_numpy(inputs).copy()
        for row in rows:
            while abs(row).sum() > float(self.limit):
                row /= 2
        return ops.convert_to_tensor(rows)
