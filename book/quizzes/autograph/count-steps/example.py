import tensorflow as tf


def int64(number):
    return tf.constant(number, tf.int64)


print([int(steps(int64(n), int64(100))) for n in (1, 2, 3, 27)])
print("expected [0, 1, 7, 100]")
