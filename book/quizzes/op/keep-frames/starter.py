import tensorflow as tf


def collect(camera, n):
    """Return the next `n` frames as tensors of shape (1, height, width)."""
    return [tf.expand_dims(camera.read(), 0) for _ in range(n)]
