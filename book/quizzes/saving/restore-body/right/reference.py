import tensorflow as tf


def restore_body(prefix, body):
    """Fill `body` from the checkpoint of a model with such a body."""
    root = tf.train.Checkpoint(model=tf.train.Checkpoint(body=body))
    root.read(prefix).expect_partial().assert_existing_objects_matched()
