# fails: each ticket keeps its number
import tensorflow as tf


def draw(counter, n):
    counter.assign_add(n)
    return [counter.value() - k for k in range(n)]
