# fails: None for an input
def backward(record, seeds):
    gradients = dict(seeds)
    for entry in reversed(record):
        if entry.output in gradients:
            parts = entry.backward(gradients[entry.output])
            for tensor, part in zip(entry.inputs, parts):
                known = tensor in gradients
                gradients[tensor] = gradients[tensor] + part if known else part
    return gradients
