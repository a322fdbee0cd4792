# fails: fills the body
import tensorflow as tf


def restore_body(prefix, body):
    root = tf.train.Checkpoint(body=body)
    root.read(prefix).expect_partial().assert_existing_objects_matched()
