import keras
import numpy as np


class Gap(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return abs(y_true - y_pred)


class Deaf(keras.losses.Loss):
    def call(self, y_true, y_pred):
        column = keras.ops.reshape(y_true, (-1, 1))
        return keras.ops.mean(keras.ops.square(column - y_pred))


labels = np.float32([1, 0, 1, 0])
outputs = np.float32([[5.0], [0.5], [-4.0], [2.0]])
print(sorted(faults(Gap(), labels, outputs)), "expected ['labels']")
print(sorted(faults(Deaf(), labels, outputs)), "expected ['mask', 'weights']")
print(sorted(faults(keras.losses.MeanSquaredError(), labels, outputs)), "expected []")
