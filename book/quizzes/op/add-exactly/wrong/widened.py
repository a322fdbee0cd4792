# fails: whole numbers
import tensorflow as tf


def add_exactly(x, number):
    if int(number) != number or not x.dtype.min <= number <= x.dtype.max:
        raise ValueError("expected a number that the dtype holds")
    return tf.cast(x, tf.int64) + int(number)
