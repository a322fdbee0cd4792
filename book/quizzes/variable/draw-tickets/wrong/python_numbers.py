# fails: inside a tf.function
import tensorflow as tf


def draw(counter, n):
    return [tf.constant(float(counter.assign_add(1.0))) for _ in range(n)]
