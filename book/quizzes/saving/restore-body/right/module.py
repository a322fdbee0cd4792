import tensorflow as tf


def restore_body(prefix, body):
    way = tf.Module()
    way.body = body
    tf.train.Checkpoint(model=way).read(prefix).expect_partial().assert_existing_objects_matched()
