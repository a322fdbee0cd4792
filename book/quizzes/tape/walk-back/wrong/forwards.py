# fails: a chain
def backward(records, seeds):
    gradients = dict(seeds)
    for record in records:
        if record.output in gradients:
            parts = record.backward(gradients[record.output])
            for tensor, part in zip(record.inputs, parts):
                if part is not None:
                    known = tensor in gradients
                    gradients[tensor] = gradients[tensor] + part if known else part
    return gradients
