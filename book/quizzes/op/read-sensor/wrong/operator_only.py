# fails: beside a tensor
import numpy as np
import tensorflow as tf


class Reading:
    def __init__(self, counts, volts_per_count):
        self.counts, self.volts_per_count = counts, volts_per_count

    def __add__(self, other):
        volts = np.multiply(self.counts, self.volts_per_count)
        return tf.constant(volts, tf.float32) + other

    __radd__ = __add__
