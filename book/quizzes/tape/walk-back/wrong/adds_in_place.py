# fails: seeds are left alone
def backward(records, seeds):
    gradients = dict(seeds)
    for record in reversed(records):
        if record.output in gradients:
            parts = record.backward(gradients[record.output])
            for tensor, part in zip(record.inputs, parts):
                if part is not None and tensor in gradients:
                    gradients[tensor] += part
                elif part is not None:
                    gradients[tensor] = part
    return gradients
