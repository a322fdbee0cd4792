# fails: weights are in no other number
import numpy as np


def report(losses, weights, batch_size):
    """Return what `evaluate` reports of the losses of all examples at each head."""
    result = {"loss": 0.0}
    for name, values in losses.items():
        result["loss"] += weights[name] * float(np.mean(values))
        starts = range(0, len(values), batch_size)
        batches = [np.mean(values[start : start + batch_size]) for start in starts]
        result[f"{name}_loss"] = weights[name] * float(np.mean(batches))
    return result
