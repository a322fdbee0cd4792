import keras
import tensorflow as tf


class Stepwise(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, boundaries, rates):
        self.boundaries, self.rates = boundaries, rates

    def __call__(self, step):
        passed = tf.constant(self.boundaries, tf.int64) <= tf.cast(step, tf.int64)
        return tf.gather(self.rates, tf.reduce_sum(tf.cast(passed, tf.int32)))

    def get_config(self):
        return {"boundaries": self.boundaries, "rates": self.rates}
