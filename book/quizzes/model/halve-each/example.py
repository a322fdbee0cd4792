import numpy as np

model = Halving(limit=2.0)
rows = np.float32([[4.0, -4.0], [1.0, 0.5]])
print(model(rows).numpy().tolist(), "expected [[1.0, -1.0], [1.0, 0.5]]")
print(model.predict(rows, verbose=0).tolist(), "expected the same")
