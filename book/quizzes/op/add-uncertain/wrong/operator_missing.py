# fails: a tensor on the left
import tensorflow as tf


class Uncertain(tf.experimental.ExtensionType):
    value: tf.Tensor
    error: tf.Tensor


@tf.experimental.dispatch_for_api(tf.add)
def add(x: Uncertain, y: Uncertain, name=None):
    return Uncertain(x.value + y.value, tf.sqrt(x.error**2 + y.error**2))
