# fails: the loss
import tensorflow as tf


def step(scale, w, b, x, target, rate):
    with tf.GradientTape() as tape:
        h = tf.linalg.matvec(x, w)
        y = tf.maximum(scale, 0.1) * h + b
        error = tf.abs(y - target)
        error = tf.cast(tf.cast(error, tf.int32), tf.float32)
        inside = 1.0
        loss = tf.reduce_mean(inside * error**2)
    sources = [scale, w, b]
    slopes = tape.gradient(loss, sources, unconnected_gradients="zero")
    for source, slope in zip(sources, slopes):
        source.assign_sub(rate * slope)
    return loss
