import tensorflow as tf


def wrong_slopes(f, inputs):
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = f(*inputs)
    wrong = []
    for k, slope in enumerate(tape.gradient(y, inputs)):
        numeric = numeric_slope(f, inputs, k)
        if slope is None:
            slope = tf.zeros_like(numeric)
        if slope.shape != numeric.shape or tf.reduce_any(
            tf.abs(slope - numeric) > 1e-3 + 1e-3 * tf.abs(numeric)
        ):
            wrong.append(k)
    return wrong


def numeric_slope(f, inputs, k):
    size = tf.size(inputs[k]).numpy()
    parts = []
    for row in tf.unstack(tf.eye(size, dtype=tf.float64)):
        shift = tf.reshape(row * 1e-5, inputs[k].shape)
        around = []
        for sign in (1.0, -1.0):
            moved = list(inputs)
            moved[k] = moved[k] + sign * shift
            around.append(f(*moved))
        parts.append((around[0] - around[1]) / 2e-5)
    return tf.reshape(tf.stack(parts), inputs[k].shape)
