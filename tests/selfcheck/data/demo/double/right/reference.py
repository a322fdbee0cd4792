import tensorflow as tf


def double(x):
    return tf.multiply(x, 2.0)
