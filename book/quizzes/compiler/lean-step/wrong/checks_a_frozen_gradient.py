# fails: no more products than needed
import tensorflow as tf


def make_step(frozen, head):
    """Return `step(x, y)`, which returns a loss and its gradients for `head`."""

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            for matrix in frozen:
                x = tf.tanh(x @ matrix)
            for matrix in head:
                x = tf.tanh(x @ matrix)
            loss = tf.reduce_mean((x - y) ** 2)
        gradients = tape.gradient(loss, [*frozen, *head])
        tf.debugging.assert_all_finite(gradients[0], "a gradient is not finite")
        return loss, gradients[len(frozen) :]

    return step
