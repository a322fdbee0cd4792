import numpy as np


def report(losses, weights, batch_size):
    total = np.mean(sum(weights[name] * values for name, values in losses.items()))
    parts = {}
    for name, values in losses.items():
        batches = np.split(values, range(batch_size, len(values), batch_size))
        parts[name + "_loss"] = np.mean([batch.mean() for batch in batches])
    return {"loss": total} | parts
