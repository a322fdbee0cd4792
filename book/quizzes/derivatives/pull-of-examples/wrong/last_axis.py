# fails: one matrix
import tensorflow as tf


def pulls(function, variables):
    with tf.GradientTape() as tape:
        losses = function()
    rows = tape.jacobian(losses, variables, unconnected_gradients="zero")
    return tf.sqrt(sum(tf.reduce_sum(row * row, axis=-1) for row in rows))
