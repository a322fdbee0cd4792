import tensorflow as tf


def collect(camera, n):
    frames = []
    while len(frames) < n:
        frames.append(tf.convert_to_tensor(camera.read()[None].copy()))
    return frames
