# fails: in the middle of a program
import math

import tensorflow as tf


@tf.custom_gradient
def log_cosh(x):
    size = tf.abs(x)
    y = size + tf.math.log1p(tf.exp(-2.0 * size)) - math.log(2.0)
    return y, lambda upstream: tf.tanh(x)
