# fails: one matrix
import tensorflow as tf


def pulls(function, variables):
    with tf.GradientTape() as tape:
        losses = function()
    gradients = tape.gradient(losses, variables, unconnected_gradients="zero")
    length = tf.linalg.global_norm(gradients)
    return tf.fill(tf.shape(losses), length)
