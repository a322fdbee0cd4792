import tensorflow as tf

rows_seen = 0


@tf.function
def step(epoch, batch):
    """Count the rows of a batch; return their mean, divided by epoch + 1."""
    global rows_seen
    rows_seen += batch.shape[0]
    return tf.reduce_sum(batch, axis=0) / batch.shape[0] / (epoch + 1)
