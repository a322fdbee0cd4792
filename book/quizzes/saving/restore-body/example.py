import tempfile

import keras
import numpy as np
import tensorflow as tf


class Net(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.body, self.head = keras.layers.Dense(3), keras.layers.Dense(classes)

    def call(self, inputs):
        return self.head(self.body(inputs))


old, new, x = Net(10), Net(2), np.ones((1, 4), np.float32)
old(x), new(x)
prefix = tf.train.Checkpoint(model=old).write(tempfile.mkdtemp() + "/c")
restore_body(prefix, new.body)
print(np.allclose(old.body(x), new.body(x)), "expected: True")
