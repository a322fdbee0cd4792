# fails: None for an input
def backward(records, seeds):
    gradients = dict(seeds)
    for record in reversed(records):
        if record.output in gradients:
            parts = record.backward(gradients[record.output])
            for tensor, part in zip(record.inputs, parts):
                known = tensor in gradients
                gradients[tensor] = gradients[tensor] + part if known else part
    return gradients
