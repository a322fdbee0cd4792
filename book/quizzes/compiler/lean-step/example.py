import tensorflow as tf

eye = tf.eye(2)
step = make_step([tf.Variable(eye)], [tf.Variable(eye)])
loss, gradients = step(tf.zeros((1, 2)), tf.ones((1, 2)))
print(float(loss), "expected 1.0")
print(len(gradients), "gradient, expected 1")
