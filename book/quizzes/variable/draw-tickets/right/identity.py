import tensorflow as tf


def draw(counter, n):
    tickets = []
    for _ in range(n):
        counter.assign(counter + 1.0)
        tickets.append(tf.identity(counter))
    return tickets
