import numpy as np


def faults(loss, labels, outputs):
    """Return the names of the faults of a loss: labels, weights, mask, config."""
    found = set()
    if not np.isclose(loss(labels, outputs), loss(labels[:, np.newaxis], outputs)):
        found.add("labels")
    return found
