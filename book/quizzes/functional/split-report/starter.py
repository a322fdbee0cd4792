import numpy as np


def report(losses, weights, batch_size):
    """Return what `evaluate` reports of the losses of all examples at each head."""
    parts = {f"{name}_loss": float(np.mean(values)) for name, values in losses.items()}
    return {"loss": sum(parts.values()), **parts}
