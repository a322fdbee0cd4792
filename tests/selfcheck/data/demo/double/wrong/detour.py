# fails: has a gradient
import tensorflow as tf


def double(x):
    return tf.constant(x.numpy() * 2)
