# fails: a target inside
def backward(record, seeds):
    gradients = {}
    for entry in reversed(record):
        dy = seeds.get(entry.output, gradients.get(entry.output))
        if dy is not None:
            gradients[entry.output] = dy
            for tensor, part in zip(entry.inputs, entry.backward(dy)):
                if part is not None:
                    known = tensor in gradients
                    gradients[tensor] = gradients[tensor] + part if known else part
    return gradients
