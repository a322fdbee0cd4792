import tensorflow as tf

scale, w, b = tf.Variable(0.5), tf.Variable([1.0, -1.0]), tf.Variable(0.0)
x = tf.constant([[1.0, 0.0], [0.0, 1.0]])
target = tf.constant([1.0, -0.75])
print("loss", float(step(scale, w, b, x, target, 1.0)), "expected 0.15625")
print("scale", float(scale), "expected 1.25")
print("w", w.numpy().tolist(), "expected [1.25, -1.125]")
print("b", float(b), "expected 0.25")
