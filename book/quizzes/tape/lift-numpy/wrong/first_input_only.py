# fails: gradients of all inputs
import tensorflow as tf
from tensorflow.python.eager import record


def lift(forward, backward):
    def lifted(*tensors):
        inputs = [tf.convert_to_tensor(tensor) for tensor in tensors]
        arrays = [tensor.numpy() for tensor in inputs]
        output = tf.convert_to_tensor(forward(*arrays))

        def gradient(dy):
            return [tf.constant(backward(dy.numpy(), *arrays)[0])]

        record.record_operation("Lifted", [output], inputs[:1], gradient)
        return output

    return lifted
