# fails: gradients of both ends
import tensorflow as tf


def outer_gradients(bottom, frozen, top, x, y):
    sources = [*bottom.trainable_variables, *top.trainable_variables]
    with tf.GradientTape() as tape:
        h = bottom(x)
        with tape.stop_recording():
            features = frozen(h)
        loss = tf.reduce_mean((top(features) - y) ** 2)
    return tape.gradient(loss, sources, unconnected_gradients="zero")
