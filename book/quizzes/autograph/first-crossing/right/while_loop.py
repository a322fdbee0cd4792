import tensorflow as tf


def first_crossing(values, limit):
    n = tf.shape(values)[0]
    i = tf.constant(0)
    found = tf.constant(-1)
    while i < n and found < 0:
        found = tf.where(values[i] > limit, i, -1)
        i += 1
    return found
