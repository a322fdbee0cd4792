# fails: complains of what got no value
import tensorflow as tf


def restore_body(prefix, body):
    root = tf.train.Checkpoint(model=tf.train.Checkpoint(body=body))
    status = root.read(prefix).expect_partial()
    try:
        status.assert_existing_objects_matched()
    except AssertionError:
        return False
    return True
