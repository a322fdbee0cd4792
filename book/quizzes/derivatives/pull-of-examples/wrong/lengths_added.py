# fails: several variables
import tensorflow as tf


def pulls(function, variables):
    with tf.GradientTape() as tape:
        losses = function()
    rows = tape.jacobian(losses, variables, unconnected_gradients="zero")
    total = tf.zeros_like(losses)
    for row in rows:
        total += tf.norm(tf.reshape(row, (tf.size(losses), -1)), axis=1)
    return total
