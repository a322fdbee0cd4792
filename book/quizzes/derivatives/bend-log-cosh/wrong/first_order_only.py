# fails: curvatures
import math

import tensorflow as tf


@tf.custom_gradient
def log_cosh(x):
    size = tf.abs(x)
    y = size + tf.math.log1p(tf.exp(-2.0 * size)) - math.log(2.0)

    def backward(upstream):
        e = tf.exp(2.0 * x)
        return upstream * (1.0 - 2.0 / (1.0 + e))

    return y, backward
