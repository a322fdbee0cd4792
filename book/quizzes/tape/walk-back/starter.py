def backward(records, seeds):
    """Return the gradient of each tensor that received one, by tensor id."""
    gradients = dict(seeds)
    return gradients
