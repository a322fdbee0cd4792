import tensorflow as tf

x = tf.Variable([[5.5, -5.5], [7.0, 1.0]])
y = tf.Variable([2.0, 3.0])
with tf.GradientTape() as tape:
    rest = tf.raw_ops.TruncateMod(x=x, y=y)
print("rest", rest.numpy().tolist())
dx, dy = tape.gradient(rest, [x, y])
print("dx", dx.numpy().tolist(), "expected ones")
print("dy", dy.numpy().tolist(), "expected [-5.0, 1.0]")
