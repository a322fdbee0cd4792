# fails: no more products than needed
import tensorflow as tf


def make_step(frozen, head):
    """Return `step(x, y)`, which returns a loss and its gradients for `head`."""

    def step(x, y):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(head)
            for matrix in [*frozen, *head]:
                x = tf.tanh(x @ matrix)
            loss = tf.reduce_mean((x - y) ** 2)
        return loss, tape.gradient(loss, head)

    return step
