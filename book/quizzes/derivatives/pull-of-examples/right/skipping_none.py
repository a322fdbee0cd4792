import tensorflow as tf


def pulls(function, variables):
    with tf.GradientTape(persistent=True) as tape:
        losses = function()
    squares = [tf.zeros_like(losses)]
    for variable in variables:
        row = tape.jacobian(losses, variable)
        if row is not None:
            axes = tf.range(1, tf.rank(row))
            squares.append(tf.reduce_sum(tf.square(row), axes))
    return tf.sqrt(tf.add_n(squares))
