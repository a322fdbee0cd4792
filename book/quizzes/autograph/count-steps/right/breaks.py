import tensorflow as tf


@tf.function
def steps(n, most):
    count = tf.zeros((), tf.int64)
    while n > 1:
        if count >= most:
            break
        n = tf.where(n % 2 == 0, n // 2, 3 * n + 1)
        count += 1
    return count
