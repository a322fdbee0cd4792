# fails: inside a tf.function
import numpy as np
import tensorflow as tf


class Uncertain(tf.experimental.ExtensionType):
    value: tf.Tensor
    error: tf.Tensor


@tf.experimental.dispatch_for_api(tf.add)
def add(x: Uncertain, y: Uncertain, name=None):
    return Uncertain(x.value + y.value, np.hypot(x.error.numpy(), y.error.numpy()))


@tf.experimental.dispatch_for_api(tf.__operators__.add)
def shift(x: tf.Tensor, y: Uncertain):
    return Uncertain(x + y.value, y.error)
