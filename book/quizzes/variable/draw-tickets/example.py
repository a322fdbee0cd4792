import tensorflow as tf

counter = tf.Variable(4.0)
tickets = draw(counter, 3)
print([float(ticket) for ticket in tickets], "expected [5.0, 6.0, 7.0]")
print(float(counter), "expected 7.0")
