import tensorflow as tf


@tf.custom_gradient
def area(w, h):
    return tf.reduce_sum(w * h), lambda dy: (dy * h, dy * h)


w = tf.constant([1.0, 2.0], tf.float64)
h = tf.constant([3.0, 5.0], tf.float64)
print(wrong_slopes(area, [w, h]), "expected [1]")
print(wrong_slopes(lambda a, b: tf.reduce_sum(a * b), [w, h]), "expected []")
