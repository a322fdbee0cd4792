# fails: the mean row
import tensorflow as tf

rows_seen = tf.Variable(0)


@tf.function(input_signature=[tf.TensorSpec([]), tf.TensorSpec([4, 3])])
def step(epoch, batch):
    """Count the rows of a batch; return their mean, divided by epoch + 1."""
    rows_seen.assign_add(tf.shape(batch)[0])
    return tf.reduce_mean(batch, axis=0) / (epoch + 1.0)
