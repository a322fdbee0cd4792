# fails: tf.add of two
import tensorflow as tf


class Uncertain(tf.experimental.ExtensionType):
    value: tf.Tensor
    error: tf.Tensor

    def __tf_tensor__(self, dtype=None, name=None):
        return tf.convert_to_tensor(self.value, dtype)
