# fails: leaves the reads as they are
import tensorflow as tf


def rows(table, numbers):
    return tf.gather(table, numbers)
