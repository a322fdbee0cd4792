# fails: dead entries
def backward(record, seeds):
    gradients = dict(seeds)
    for entry in reversed(record):
        parts = entry.backward(gradients.get(entry.output, 0.0))
        for tensor, part in zip(entry.inputs, parts):
            if part is not None:
                gradients[tensor] = gradients.get(tensor, 0.0) + part
    return gradients
