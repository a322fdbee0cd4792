# fails: the distances
import tensorflow as tf


def distances(points, center):
    return tf.sqrt(tf.reduce_sum((points - center) ** 2))
