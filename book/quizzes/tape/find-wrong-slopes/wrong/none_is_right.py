# fails: a lost path
import numpy as np
import tensorflow as tf


def wrong_slopes(f, inputs, step=1e-6):
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = f(*inputs)
    slopes = tape.gradient(y, inputs)
    wrong = []
    for k, x in enumerate(inputs):
        numeric = np.zeros(x.shape)
        for i in np.ndindex(*x.shape):
            shift = np.zeros(x.shape)
            shift[i] = step
            high = f(*inputs[:k], x + shift, *inputs[k + 1 :])
            low = f(*inputs[:k], x - shift, *inputs[k + 1 :])
            numeric[i] = (high - low) / (2 * step)
        if slopes[k] is not None and not np.allclose(
            slopes[k], numeric, rtol=1e-3, atol=1e-3
        ):
            wrong.append(k)
    return wrong
