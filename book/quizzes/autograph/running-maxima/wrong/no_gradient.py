# fails: a gradient
import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([None])])
def maxima(x):
    """Return the largest of the first elements, for each number of them."""
    found = tf.TensorArray(tf.float32, size=tf.size(x), element_shape=())
    largest = tf.constant(-float("inf"))
    for i in tf.range(tf.size(x)):
        largest = tf.maximum(largest, tf.stop_gradient(x[i]))
        found = found.write(i, largest)
    return found.stack()
