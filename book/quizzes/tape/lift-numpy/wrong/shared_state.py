# fails: two uses
import tensorflow as tf


def lift(forward, backward):
    latest = []

    @tf.custom_gradient
    def lifted(*tensors):
        latest[:] = [tensor.numpy() for tensor in tensors]

        def gradient(dy):
            parts = backward(dy.numpy(), *latest)
            return [tf.convert_to_tensor(part) for part in parts]

        return tf.convert_to_tensor(forward(*latest)), gradient

    return lifted
