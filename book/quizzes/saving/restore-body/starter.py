import tensorflow as tf


def restore_body(prefix, body):
    """Fill `body` from the checkpoint of a model with such a body."""
    tf.train.Checkpoint(model=body).read(prefix).expect_partial()
