# fails: one graph for all calls
import tensorflow as tf


def make_step(frozen, head):
    """Return `step(x, y)`, which returns a loss and its gradients for `head`."""

    def gradients(x, y):
        with tf.GradientTape() as tape:
            for matrix in [*frozen, *head]:
                x = tf.tanh(x @ matrix)
            loss = tf.reduce_mean((x - y) ** 2)
        return loss, tape.gradient(loss, head)

    def step(x, y):
        return tf.function(gradients)(x, y)

    return step
