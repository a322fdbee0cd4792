import tensorflow as tf

x = tf.Variable([0.0, 1.0, 100.0])
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        y = log_cosh(x)
    slope = inner.gradient(y, x)
print("value", y.numpy(), "expected [0, 0.4338, 99.3069]")
print("slope", slope.numpy(), "expected [0, 0.7616, 1]")
print("curvature", outer.gradient(slope, x), "expected [1, 0.42, 0]")
