import tensorflow as tf

kept = []
print(handles_left(lambda: None), "expected 0")
print(handles_left(lambda: float(tf.Variable(1.0))), "expected 0")
print(handles_left(lambda: kept.append(tf.Variable(1.0))), "expected 1")
print(handles_left(lambda: kept.append(tf.Variable(1.0).handle)), "expected 1")
