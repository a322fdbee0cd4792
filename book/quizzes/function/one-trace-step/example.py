import tensorflow as tf

print(step(0, tf.constant([[1.0, 2.0, 3.0]])).numpy(), "expected [1. 2. 3.]")
print(step(1, tf.ones((4, 3))).numpy(), "expected [0.5 0.5 0.5]")
print(step(3, tf.ones((4, 3))).numpy(), "expected [0.25 0.25 0.25]")
print("rows", int(rows_seen), "expected 9")
print("traces", step.experimental_get_tracing_count(), "expected 1")
