# fails: whole numbers
import tensorflow as tf


def add_exactly(x, number):
    try:
        return x + tf.convert_to_tensor(number, x.dtype)
    except TypeError as error:
        raise ValueError(str(error)) from error
