# fails: leaves the reads as they are
import tensorflow as tf


def rows(table, numbers):
    found = tf.gather(table, numbers)
    table.assign(tf.identity(table))
    return found
