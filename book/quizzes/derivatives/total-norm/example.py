import tensorflow as tf

rows = tf.constant([[3.0], [1.0], [2.0]])
slices = tf.IndexedSlices(rows, tf.constant([7, 0, 7]), tf.constant([1_000_000, 1]))
print(float(total_norm([slices])), "expected", 26**0.5)
print(float(total_norm([tf.constant([[3.0, 4.0]]), None, slices])), "expected", 51**0.5)
