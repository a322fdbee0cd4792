# fails: no gradient for the frozen variables
import tensorflow as tf


def outer_gradients(bottom, frozen, top, x, y):
    frozen.trainable = False
    sources = [*bottom.trainable_variables, *top.trainable_variables]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((top(frozen(bottom(x))) - y) ** 2)
    return tape.gradient(loss, sources)
