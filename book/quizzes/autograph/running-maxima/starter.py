import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([None])])
def maxima(x):
    """Return the largest of the first elements, for each number of them."""
    largest, found = x[0], []
    for i in tf.range(tf.size(x)):
        largest = max(largest, x[i])
        found.append(largest)
    return tf.stack(found)
