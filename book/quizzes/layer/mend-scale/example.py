import numpy as np

layer = Scale(start=2.0, activation="relu")
print(layer(np.float32([[1.0, -1.0, 3.0]])).numpy().tolist(), "expected [[2.0, 0.0, 6.0]]")
print([tuple(v.shape) for v in layer.trainable_variables], "expected [(3,)]")
