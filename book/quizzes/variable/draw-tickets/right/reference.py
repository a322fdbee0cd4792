import tensorflow as tf


def draw(counter, n):
    """Return `n` tensors: the values of `counter` after 1, 2, … n additions of one."""
    return [counter.assign_add(1.0).read_value() for _ in range(n)]
