import tensorflow as tf


def outer_gradients(bottom, frozen, top, x, y):
    with tf.GradientTape() as low:
        h = bottom(x)
    with tf.GradientTape(watch_accessed_variables=False) as middle:
        middle.watch(h)
        features = frozen(h)
    with tf.GradientTape() as high:
        high.watch(features)
        loss = tf.reduce_mean((top(features) - y) ** 2)
    seed, *upper = high.gradient(loss, [features, *top.trainable_variables])
    seed = middle.gradient(features, h, output_gradients=seed)
    lower = low.gradient(h, bottom.trainable_variables, output_gradients=seed)
    return [*lower, *upper]
