def backward(records, seeds):
    """Return the gradient of each tensor that received one, by tensor id."""
    gradients = dict(seeds)
    for record in reversed(records):
        if record.output not in gradients:
            continue
        parts = record.backward(gradients[record.output])
        for tensor, part in zip(record.inputs, parts):
            if part is None:
                continue
            known = tensor in gradients
            gradients[tensor] = gradients[tensor] + part if known else part
    return gradients
