# fails: backward only on demand
import numpy as np
import tensorflow as tf


def lift(forward, backward):
    @tf.custom_gradient
    def lifted(*tensors):
        arrays = [tensor.numpy() for tensor in tensors]
        y = tf.convert_to_tensor(forward(*arrays))
        backward(np.ones(y.shape, y.dtype.as_numpy_dtype), *arrays)

        def gradient(dy):
            parts = backward(dy.numpy(), *arrays)
            return [tf.convert_to_tensor(part) for part in parts]

        return y, gradient

    return lifted
