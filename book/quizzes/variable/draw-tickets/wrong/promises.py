# fails: each ticket keeps its number
import tensorflow as tf


def draw(counter, n):
    return [counter.assign_add(1.0) for _ in range(n)]
