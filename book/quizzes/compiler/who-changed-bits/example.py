import tensorflow as tf


def nearest(x):
    return (x + 12582912.0) - 12582912.0


print(who_changed(nearest, tf.constant(2.7)), "expected ['constant_folding']")
print(who_changed(tf.exp, tf.constant(2.7)), "expected []")
print(tf.config.optimizer.get_experimental_options())
