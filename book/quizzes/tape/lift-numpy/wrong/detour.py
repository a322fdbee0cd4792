# fails: gradients of all inputs
import tensorflow as tf


def lift(forward, backward):
    def lifted(*tensors):
        return tf.convert_to_tensor(forward(*[t.numpy() for t in tensors]))

    return lifted
