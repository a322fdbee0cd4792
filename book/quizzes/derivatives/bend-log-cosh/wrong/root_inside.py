# fails: forward mode
import math

import tensorflow as tf


@tf.custom_gradient
def log_cosh(x):
    size = tf.sqrt(x * x)
    y = size + tf.math.log1p(tf.exp(-2.0 * size)) - math.log(2.0)
    return y, lambda upstream: upstream * tf.tanh(x)
