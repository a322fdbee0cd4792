# fails: fills the body
import tensorflow as tf


def restore_body(prefix, body):
    root = tf.train.Checkpoint(model=tf.train.Checkpoint(body=body))
    root.read(prefix).assert_consumed()
