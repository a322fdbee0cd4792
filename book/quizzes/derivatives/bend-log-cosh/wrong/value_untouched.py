# fails: values
import tensorflow as tf


@tf.custom_gradient
def log_cosh(x):
    return tf.math.log(tf.cosh(x)), lambda upstream: upstream * tf.tanh(x)
