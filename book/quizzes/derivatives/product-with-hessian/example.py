import tensorflow as tf

a, b, c = tf.Variable([1.0, 2.0]), tf.Variable(3.0), tf.Variable(4.0)
vectors = [tf.constant([1.0, 0.0]), tf.constant(1.0), tf.constant(1.0)]


def loss():
    return tf.reduce_sum(a * a) * b + 5.0 * c


print([product.numpy().tolist() for product in hvp(loss, [a, b, c], vectors)])
print("expected [[8.0, 4.0], 2.0, 0.0]")
