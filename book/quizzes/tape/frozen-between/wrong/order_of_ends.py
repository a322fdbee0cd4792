# fails: gradients of both ends
import tensorflow as tf


def outer_gradients(bottom, frozen, top, x, y):
    sources = [*top.trainable_variables, *bottom.trainable_variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(sources)
        loss = tf.reduce_mean((top(frozen(bottom(x))) - y) ** 2)
    return tape.gradient(loss, sources)
