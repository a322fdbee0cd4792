import tensorflow as tf


@tf.function
def steps(n, most):
    """Return the number of steps from `n` to 1, or `most`, as int64."""
    count = tf.constant(0, tf.int64)
    while n != 1 and count < most:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        count = count + 1
    return count
