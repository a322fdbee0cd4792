# fails: counts every row
import tensorflow as tf

rows_seen = 0


@tf.function(input_signature=[tf.TensorSpec([]), tf.TensorSpec([None, 3])])
def step(epoch, batch):
    """Count the rows of a batch; return their mean, divided by epoch + 1."""
    global rows_seen
    rows_seen += batch.shape[0] or 4
    return tf.reduce_mean(batch, axis=0) / (epoch + 1.0)
