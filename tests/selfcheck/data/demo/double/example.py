print(double(tf.constant([1.0, 2.0])))
