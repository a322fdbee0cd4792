# fails: dead records
def backward(records, seeds):
    gradients = dict(seeds)
    for record in reversed(records):
        parts = record.backward(gradients.get(record.output, 0.0))
        for tensor, part in zip(record.inputs, parts):
            if part is not None:
                gradients[tensor] = gradients.get(tensor, 0.0) + part
    return gradients
