# fails: the counter has moved on
import tensorflow as tf


def draw(counter, n):
    start = counter.value()
    return [start + 1.0 + k for k in range(n)]
