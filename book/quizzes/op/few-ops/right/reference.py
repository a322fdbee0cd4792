import tensorflow as tf


def distances(points, center):
    """Return the Euclidean distance of each row of `points` from `center`."""
    return tf.sqrt(tf.reduce_sum((points - center) ** 2, axis=1))
