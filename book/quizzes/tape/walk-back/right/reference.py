def backward(record, seeds):
    """Return the gradient of each tensor that received one, by tensor id."""
    gradients = dict(seeds)
    for entry in reversed(record):
        if entry.output not in gradients:
            continue
        parts = entry.backward(gradients[entry.output])
        for tensor, part in zip(entry.inputs, parts):
            if part is None:
                continue
            known = tensor in gradients
            gradients[tensor] = gradients[tensor] + part if known else part
    return gradients
