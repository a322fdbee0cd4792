# fails: fills the body
import tensorflow as tf


def restore_body(prefix, body):
    tf.train.Checkpoint(model=body).read(prefix).expect_partial()
