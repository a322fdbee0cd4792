import tensorflow as tf


@tf.function
def total(window, x):
    print("trace of size", window.size, "and stride", window.stride)
    return tf.reduce_sum(x[: window.size]) * window.stride


window = Window(2, 10, "a")
for other in (window, Window(2, 10, "b"), Window(3, 10, "a")):
    print(float(total(other, tf.ones(5))))
window.size = 4
print(float(total(window, tf.ones(5))))
print("expected: traces of size 2, 3, and 4, and the totals 20, 20, 30, 40")
