import tensorflow as tf

values = tf.constant([1.0, 4.0, 2.0, 8.0])
traced = tf.function(first_crossing)
print([int(traced(values, tf.constant(limit))) for limit in (0.0, 3.0, 5.0, 9.0)])
print("expected [0, 1, 3, -1]")
