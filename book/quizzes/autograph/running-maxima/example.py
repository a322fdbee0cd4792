import tensorflow as tf

x = tf.constant([1.0, 3.0, 2.0, 5.0])
with tf.GradientTape() as tape:
    tape.watch(x)
    y = maxima(x)
print(y.numpy().tolist(), "expected [1.0, 3.0, 3.0, 5.0]")
print(tape.gradient(y, x).numpy().tolist(), "expected [1.0, 2.0, 0.0, 1.0]")
