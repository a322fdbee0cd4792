# fails: a target inside
def backward(records, seeds):
    gradients = {}
    for record in reversed(records):
        dy = seeds.get(record.output, gradients.get(record.output))
        if dy is not None:
            gradients[record.output] = dy
            for tensor, part in zip(record.inputs, record.backward(dy)):
                if part is not None:
                    known = tensor in gradients
                    gradients[tensor] = gradients[tensor] + part if known else part
    return gradients
