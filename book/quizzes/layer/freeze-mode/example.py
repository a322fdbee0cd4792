import keras
import numpy as np


class Model(keras.Model):
    def __init__(self):
        super().__init__()
        self.frozen = Frozen(keras.layers.Dropout(0.5))
        self.dropout = keras.layers.Dropout(0.5)

    def call(self, inputs):
        return self.dropout(self.frozen(inputs))


model, ones = Model(), np.ones((1, 100), np.float32)
zeros = int(np.sum(model(ones, training=True) == 0.0))
print(zeros, "zeros of 100 in training, expected about 50")
print(int(np.sum(model(ones) == 0.0)), "zeros otherwise, expected 0")
