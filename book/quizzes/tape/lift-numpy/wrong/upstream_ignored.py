# fails: any upstream gradient
import tensorflow as tf


def lift(forward, backward):
    @tf.custom_gradient
    def lifted(*tensors):
        arrays = [tensor.numpy() for tensor in tensors]
        y = tf.convert_to_tensor(forward(*arrays))

        def gradient(dy):
            parts = backward(tf.ones_like(y).numpy(), *arrays)
            return [tf.convert_to_tensor(part) for part in parts]

        return y, gradient

    return lifted
