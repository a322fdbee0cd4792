import tensorflow as tf


def slope_penalty(score, pictures, weights):
    """Return the penalty and a list of its gradients by the weights."""
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        scores = score(pictures)
    slopes = tape.gradient(scores, pictures)
    with tf.GradientTape() as tape:
        penalty = tf.reduce_mean((tf.norm(slopes, axis=1) - 1.0) ** 2)
    return penalty, tape.gradient(penalty, weights)
