# fails: complains of what got no value
import tensorflow as tf


def restore_body(prefix, body):
    root = tf.train.Checkpoint(model=tf.train.Checkpoint(body=body))
    root.read(prefix).expect_partial().assert_nontrivial_match()
