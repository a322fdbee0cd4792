import keras
import numpy as np

x = keras.Input((3,))
shared = keras.layers.Dense(3, name="shared")
shared(keras.Input((3,)))  # elsewhere
hidden = keras.layers.Activation("tanh", name="tanh")(shared(x))
model = keras.Model(x, keras.layers.Dense(1)(shared(hidden)))
rows = np.ones((2, 3), np.float32)
seen = look_inside(model, ["tanh", "shared"])(rows)
print(sorted(seen), "expected ['output', 'shared', 'tanh']")
print(np.allclose(seen["shared"], shared(seen["tanh"])), "expected True")
