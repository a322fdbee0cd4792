import tensorflow as tf

x = tf.constant([[3.0, 4.0], [0.0, 0.0], [6.0, 8.0]])
w, b, unused = tf.Variable([0.0, 0.0]), tf.Variable(0.0), tf.Variable(1.0)


def losses():
    return tf.linalg.matvec(x, w) + b


print(pulls(losses, [w, b, unused]), "expected", [26**0.5, 1.0, 101**0.5])
