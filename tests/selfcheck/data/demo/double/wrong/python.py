# fails: needs no Python in its graph
import tensorflow as tf


def double(x):
    return tf.py_function(lambda v: v * 2.0, [x], tf.float32)
