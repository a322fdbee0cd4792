import tensorflow as tf


def distances(points, center):
    """Return the Euclidean distance of each row of `points` from `center`."""
    found = []
    for i in range(points.shape[0]):
        difference = points[i] - center
        found.append(tf.sqrt(tf.reduce_sum(difference * difference)))
    return tf.stack(found)
