# fails: each frame stays
import tensorflow as tf


def collect(camera, n):
    return [tf.expand_dims(camera.read(), 0) for _ in range(n)]
