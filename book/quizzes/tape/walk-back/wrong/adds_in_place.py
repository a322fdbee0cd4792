# fails: seeds are left alone
def backward(record, seeds):
    gradients = dict(seeds)
    for entry in reversed(record):
        if entry.output in gradients:
            parts = entry.backward(gradients[entry.output])
            for tensor, part in zip(entry.inputs, parts):
                if part is not None and tensor in gradients:
                    gradients[tensor] += part
                elif part is not None:
                    gradients[tensor] = part
    return gradients
