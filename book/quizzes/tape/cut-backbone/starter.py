import tensorflow as tf


def head_gradients(backbone, head, x, y):
    """Return the gradients of the loss for `head.trainable_variables`."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((head(backbone(x)) - y) ** 2)
    return tape.gradient(loss, head.trainable_variables)
