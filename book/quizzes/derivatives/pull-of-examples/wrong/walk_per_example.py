# fails: one walk
import tensorflow as tf


def pulls(function, variables):
    with tf.GradientTape(persistent=True) as tape:
        losses = function()
        parts = tf.unstack(losses)
    lengths = []
    for part in parts:
        gradients = tape.gradient(part, variables, unconnected_gradients="zero")
        lengths.append(tf.linalg.global_norm(gradients))
    return tf.stack(lengths)
