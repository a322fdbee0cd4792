import keras
import numpy as np

labels, outputs = np.float32([1, 2, 3, 4]), np.float32([[1.5], [5], [3], [0]])
loss = Tolerant(width=1.0)
print(float(loss(labels, outputs)), "expected 1.25")
print(float(loss(labels, outputs, np.float32([1, 1, 1, 0]))), "expected 0.5")
model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
model.compile(loss=Tolerant(width=2.0))
model.save("tolerant.keras")
again = keras.models.load_model("tolerant.keras")
print(again.evaluate(outputs, labels, verbose=0), "expected 0.75")
