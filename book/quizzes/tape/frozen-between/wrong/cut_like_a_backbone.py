# fails: gradients of both ends
import tensorflow as tf


def outer_gradients(bottom, frozen, top, x, y):
    sources = [*bottom.trainable_variables, *top.trainable_variables]
    with tf.GradientTape() as tape:
        features = tf.stop_gradient(frozen(bottom(x)))
        loss = tf.reduce_mean((top(features) - y) ** 2)
    return tape.gradient(loss, sources)
