# fails: each frame stays
import tensorflow as tf


def collect(camera, n):
    frames = [tf.expand_dims(camera.read(), 0) for _ in range(n)]
    return [tf.identity(frame) for frame in frames]
