# fails: a tensor used twice
def backward(record, seeds):
    gradients = dict(seeds)
    for entry in reversed(record):
        if entry.output in gradients:
            parts = entry.backward(gradients[entry.output])
            gradients.update(
                (t, part) for t, part in zip(entry.inputs, parts) if part is not None
            )
    return gradients
