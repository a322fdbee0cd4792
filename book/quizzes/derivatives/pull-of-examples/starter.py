import tensorflow as tf


def pulls(function, variables):
    """Return the lengths of the gradients of each of the losses function()."""
    with tf.GradientTape() as tape:
        losses = function()
    gradients = tape.gradient(losses, variables)
    return tf.linalg.global_norm(gradients)
