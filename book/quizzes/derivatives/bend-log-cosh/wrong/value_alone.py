# fails: curvatures
import math

import tensorflow as tf


def log_cosh(x):
    size = tf.abs(x)
    return size + tf.math.log1p(tf.exp(-2.0 * size)) - math.log(2.0)
