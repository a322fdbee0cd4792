import tensorflow as tf


@tf.custom_gradient
def probe(w):
    def backward(dy):
        print("a gradient was computed for a matrix of shape", w.shape)
        return dy

    return tf.identity(w), backward


class Layer(tf.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.w = tf.Variable(tf.ones((inputs, outputs)))

    def __call__(self, x):
        return x @ probe(self.w)


bottom, frozen, top = Layer(2, 3), Layer(3, 4), Layer(4, 1)
x, y = tf.ones((5, 2)), tf.zeros((5, 1))
for gradient in outer_gradients(bottom, frozen, top, x, y):
    print(gradient.numpy().tolist())
