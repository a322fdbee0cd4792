# fails: what update returns
import tensorflow as tf


class Best:
    lowest = tf.Variable(float("inf"))
    last = tf.Variable([0.0, 0.0, 0.0])
    calls = tf.Variable(0)

    @tf.function
    def update(self, loss):
        gain = tf.maximum(self.lowest - loss, 0.0)
        self.calls.assign_add(1)
        self.last.assign(tf.concat([self.last[1:], [loss]], axis=0))
        self.lowest.assign(tf.minimum(self.lowest, loss))
        return gain
