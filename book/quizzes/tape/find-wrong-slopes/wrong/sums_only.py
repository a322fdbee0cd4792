# fails: errors that cancel
import tensorflow as tf


def wrong_slopes(f, inputs, step=1e-6):
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = f(*inputs)
    slopes = tape.gradient(y, inputs, unconnected_gradients="zero")
    wrong = []
    for k, (x, slope) in enumerate(zip(inputs, slopes)):
        high = f(*inputs[:k], x + step, *inputs[k + 1 :])
        low = f(*inputs[:k], x - step, *inputs[k + 1 :])
        if abs(tf.reduce_sum(slope) - (high - low) / (2 * step)) > 1e-3:
            wrong.append(k)
    return wrong
