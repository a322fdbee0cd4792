import tensorflow as tf

points = tf.constant([[3.0, 4.0], [0.0, 1.0]])
print(distances(points, tf.constant([0.0, 0.0])).numpy().tolist(), "expected [5.0, 1.0]")
