# fails: few ops, however many rows
import tensorflow as tf


def distances(points, center):
    return tf.stack([tf.norm(row - center) for row in points])
