import tensorflow as tf


@tf.function
def steps(n, most):
    """Return the number of steps from `n` to 1, or `most`, as int64."""
    count = 0
    while n != 1:
        if n % 2 == 0:
            n = n / 2
        else:
            n = 3 * n + 1
        count = count + 1
    return count
