import tempfile

import keras
import numpy as np

encoder = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
model = Verifier(encoder, margin=2.0)
pair = {"left": np.ones((1, 3), "float32"), "right": np.ones((1, 3), "float32")}
print(model(pair).numpy().round(3).tolist(), "expected [0.881]")
with tempfile.TemporaryDirectory() as folder:
    model.save(folder + "/m.keras")
    print(keras.models.load_model(folder + "/m.keras").margin, "expected 2.0")
