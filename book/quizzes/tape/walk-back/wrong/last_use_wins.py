# fails: a tensor used twice
def backward(records, seeds):
    gradients = dict(seeds)
    for record in reversed(records):
        if record.output in gradients:
            parts = record.backward(gradients[record.output])
            gradients.update(
                (t, part) for t, part in zip(record.inputs, parts) if part is not None
            )
    return gradients
