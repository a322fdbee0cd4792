# ruff: noqa: F821 (runs after the submission, with its names)
print(double(tf.constant([1.0, 2.0])))
