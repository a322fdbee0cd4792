import tempfile

import keras
import numpy as np

model = Gain(2, gain=3.0, activation="relu")
model(np.ones((1, 4)))
path = tempfile.mkdtemp() + "/m.keras"
model.save(path)
loaded = keras.models.load_model(path)
print(loaded.units, loaded.gain, "expected: 2 3.0")
