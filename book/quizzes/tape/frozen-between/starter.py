import tensorflow as tf


def outer_gradients(bottom, frozen, top, x, y):
    """Return the gradients for the variables of `bottom`, then those of `top`."""
    sources = [*bottom.trainable_variables, *top.trainable_variables]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((top(frozen(bottom(x))) - y) ** 2)
    return tape.gradient(loss, sources)
