import numpy as np

losses = {"a": np.array([1.0, 1.0, 1.0, 1.0, 6.0]), "b": np.array([2.0] * 5)}
print(report(losses, {"a": 1.0, "b": 0.5}, 4), "expected loss 3, a_loss 3.5, b_loss 2")
