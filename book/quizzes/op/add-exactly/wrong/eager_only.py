# fails: inside a tf.function
import tensorflow as tf


def add_exactly(x, number):
    total = x + int(number)
    if int(number) != number or not x.dtype.min <= number <= x.dtype.max:
        raise ValueError("expected a number that the dtype holds")
    return tf.constant(total.numpy())
