# fails: the three attributes
import tensorflow as tf


class Best:
    """The lowest loss so far, the last three losses, and the number of calls."""

    def __init__(self):
        self.lowest = tf.Variable(float("inf"))
        self.last = tf.Variable([0.0, 0.0, 0.0])
        self.calls = 0

    @tf.function
    def update(self, loss):
        """Note a loss; return by how much it is below the lowest one before."""
        gain = tf.maximum(self.lowest - loss, 0.0)
        self.calls += 1
        self.last.assign(tf.concat([self.last[1:], [loss]], axis=0))
        self.lowest.assign(tf.minimum(self.lowest, loss))
        return gain
