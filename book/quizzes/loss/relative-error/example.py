import tensorflow as tf

metric = RelativeError(scale=100.0)
metric.update_state(tf.constant([10.0, -30.0]), tf.constant([[12.0], [-24.0]]))
print(float(metric.result()), "expected 20.0")
metric.update_state(
    tf.constant([40.0, 1.0]), tf.constant([40.0, 9.0]), tf.constant([1.0, 0.0])
)
print(float(metric.result()), "expected 10.0")
metric.reset_state()
metric.update_state(tf.constant([2.0]), tf.constant([1.0]))
print(float(metric.result()), "expected 50.0")
