import tensorflow as tf


class Uncertain(tf.experimental.ExtensionType):
    value: tf.Tensor
    error: tf.Tensor

    def __radd__(self, other):
        return Uncertain(value=other + self.value, error=self.error)


@tf.experimental.dispatch_for_api(tf.math.add)
def add_uncertain(x: Uncertain, y: Uncertain, name=None):
    errors = tf.norm(tf.stack([x.error, y.error]), axis=0)
    return Uncertain(value=x.value + y.value, error=errors)
