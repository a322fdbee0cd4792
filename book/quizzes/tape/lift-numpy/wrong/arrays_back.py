# fails: gradients are tensors
import tensorflow as tf


def lift(forward, backward):
    @tf.custom_gradient
    def lifted(*tensors):
        arrays = [tensor.numpy() for tensor in tensors]

        def gradient(dy):
            return backward(dy.numpy(), *arrays)

        return tf.convert_to_tensor(forward(*arrays)), gradient

    return lifted
