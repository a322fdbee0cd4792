import tensorflow as tf

first, second = Mixer(1), Mixer(2)
print(first(tf.constant([[1.0, 3.0]])).numpy().tolist(), "expected [[2.0]]")
print(second(tf.constant([[5.0]])).numpy().tolist(), "expected [[5.0, 5.0]]")
first.weights.assign([[1.0], [-1.0]])
print(first(tf.constant([[1.0, 3.0]])).numpy().tolist(), "expected [[-2.0]]")
