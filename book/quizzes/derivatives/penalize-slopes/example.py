import tensorflow as tf

w, b = tf.Variable([3.0, 4.0]), tf.Variable(1.0)


def score(pictures):
    return tf.linalg.matvec(tf.nn.relu(pictures), w) + b


pictures = tf.constant([[1.0, 1.0], [0.0, 0.0]])
penalty, gradients = slope_penalty(score, pictures, [w, b])
print("penalty", float(penalty), "expected 8.5")
print([gradient.numpy().round(4).tolist() for gradient in gradients])
print("expected [[2.4, 3.2], 0.0]")
