# fails: tensors of the camera's dtype
import tensorflow as tf


def collect(camera, n):
    return [tf.constant(camera.read()[None], tf.float32) for _ in range(n)]
