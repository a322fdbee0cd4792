import tensorflow as tf


class Best:
    def __init__(self):
        self.lowest = tf.Variable(float("inf"))
        self.last = [tf.Variable(0.0) for _ in range(3)]
        self.calls = tf.Variable(0.0)

    @tf.function
    def update(self, loss):
        before = self.lowest.read_value()
        for old, new in zip(self.last, self.last[1:]):
            old.assign(new)
        self.last[-1].assign(loss)
        self.calls.assign(self.calls + 1.0)
        self.lowest.assign(tf.where(loss < before, loss, before))
        return tf.nn.relu(before - loss)
