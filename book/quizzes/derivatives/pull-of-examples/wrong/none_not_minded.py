# fails: a variable without influence
import tensorflow as tf


def pulls(function, variables):
    with tf.GradientTape() as tape:
        losses = function()
    rows = tape.jacobian(losses, variables)
    total = tf.zeros_like(losses)
    for row in rows:
        flat = tf.reshape(row, (tf.size(losses), -1))
        total += tf.reduce_sum(flat * flat, axis=1)
    return tf.sqrt(total)
