# fails: any upstream gradient
import tensorflow as tf


def lift(forward, backward):
    @tf.custom_gradient
    def lifted(*tensors):
        arrays = [tensor.numpy() for tensor in tensors]

        def gradient(dy):
            return [dy * tf.constant(p) for p in backward(dy.numpy(), *arrays)]

        return tf.convert_to_tensor(forward(*arrays)), gradient

    return lifted
