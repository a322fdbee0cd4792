import tensorflow as tf


def log_cosh(x):
    """Return log(cosh(x)) for each element of the tensor x."""
    return tf.math.log(tf.cosh(x))
