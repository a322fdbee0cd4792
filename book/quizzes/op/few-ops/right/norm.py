import tensorflow as tf


def distances(points, center):
    return tf.norm(points - center, axis=-1)
