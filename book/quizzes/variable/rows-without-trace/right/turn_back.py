import tensorflow as tf


def rows(table, numbers):
    found = tf.gather(table, numbers)
    table.read_value_no_copy()
    return found
