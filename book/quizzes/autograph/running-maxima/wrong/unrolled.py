# fails: one loop over the elements
import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([None])])
def maxima(x):
    """Return the largest of the first elements, for each number of them."""
    found = tf.TensorArray(tf.float32, size=tf.size(x), element_shape=())
    largest = tf.constant(-float("inf"))
    rows = tf.range(tf.size(x))
    masked = tf.where(rows[:, None] >= rows[None, :], x[None, :], largest)
    return tf.reduce_max(masked, axis=1)
