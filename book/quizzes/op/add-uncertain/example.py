import tensorflow as tf

u = tf.add(Uncertain(tf.constant(1.0), tf.constant(3.0)), Uncertain(2.0, 4.0))
print(float(u.value), float(u.error), "expected 3.0 and 5.0")
v = tf.constant(10.0) + u
print(float(v.value), float(v.error), "expected 13.0 and 5.0")
