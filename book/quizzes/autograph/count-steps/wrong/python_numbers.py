# fails: one trace for all numbers
import tensorflow as tf


@tf.function
def count_steps(n, most):
    """Return the number of steps from `n` to 1, or `most`, as int64."""
    count = tf.constant(0, tf.int64)
    while n != 1 and count < most:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        count = count + 1
    return count


class Steps:
    def __call__(self, n, most):
        return count_steps(int(n), tf.cast(most, tf.int64))

    def __getattr__(self, name):
        return getattr(count_steps, name)


steps = Steps()
