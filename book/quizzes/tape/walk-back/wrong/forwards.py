# fails: a chain
def backward(record, seeds):
    gradients = dict(seeds)
    for entry in record:
        if entry.output in gradients:
            parts = entry.backward(gradients[entry.output])
            for tensor, part in zip(entry.inputs, parts):
                if part is not None:
                    known = tensor in gradients
                    gradients[tensor] = gradients[tensor] + part if known else part
    return gradients
