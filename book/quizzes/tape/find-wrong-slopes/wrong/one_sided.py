# fails: right gradients
import numpy as np
import tensorflow as tf


def wrong_slopes(f, inputs, step=1e-2):
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = f(*inputs)
    slopes = tape.gradient(y, inputs, unconnected_gradients="zero")
    wrong = []
    for k, x in enumerate(inputs):
        numeric = np.zeros(x.shape)
        for i in np.ndindex(*x.shape):
            shift = np.zeros(x.shape)
            shift[i] = step
            high = f(*inputs[:k], x + shift, *inputs[k + 1 :])
            low = f(*inputs)
            numeric[i] = (high - low) / step
        if slopes[k].shape != x.shape or not np.allclose(
            slopes[k], numeric, rtol=1e-3, atol=1e-3
        ):
            wrong.append(k)
    return wrong
