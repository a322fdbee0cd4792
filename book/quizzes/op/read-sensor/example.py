import tensorflow as tf

voltage = Reading([100, 300], 0.01)
print((tf.constant([1.0, 2.0]) + voltage).numpy().tolist(), "expected [2.0, 5.0]")
print((voltage + tf.constant([1.0], tf.float64)).dtype.name, "expected float64")
