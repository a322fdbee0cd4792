import numpy as np
import tensorflow as tf


class Reading:
    """Samples of a sensor: counts of its converter, and volts per count."""

    def __init__(self, counts, volts_per_count):
        self.counts, self.volts_per_count = counts, volts_per_count

    def __tf_tensor__(self, dtype=None, name=None):
        volts = np.multiply(self.counts, self.volts_per_count)
        return tf.constant(volts, dtype or tf.float32)
