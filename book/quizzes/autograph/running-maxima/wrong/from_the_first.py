# fails: no element at all
import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([None])])
def maxima(x):
    """Return the largest of the first elements, for each number of them."""
    found = tf.TensorArray(tf.float32, size=tf.size(x), element_shape=())
    largest = x[0]
    for i in tf.range(tf.size(x)):
        largest = tf.maximum(largest, x[i])
        found = found.write(i, largest)
    return found.stack()
