import numpy as np
import tensorflow as tf
from tensorflow.python.eager import record


@tf.custom_gradient
def log_cosh(x):
    with record.stop_recording():
        y = tf.abs(x) + tf.nn.softplus(-2.0 * tf.abs(x)) - np.log(2.0)

    def backward(upstream):
        return (2.0 * tf.sigmoid(2.0 * x) - 1.0) * upstream

    return y, backward
