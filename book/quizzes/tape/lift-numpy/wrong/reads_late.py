# fails: values of the forward pass
import tensorflow as tf


def lift(forward, backward):
    @tf.custom_gradient
    def lifted(*tensors):
        def gradient(dy):
            arrays = [tensor.numpy() for tensor in tensors]
            parts = backward(dy.numpy(), *arrays)
            return [tf.convert_to_tensor(part) for part in parts]

        arrays = [tensor.numpy() for tensor in tensors]
        return tf.convert_to_tensor(forward(*arrays)), gradient

    return lifted
