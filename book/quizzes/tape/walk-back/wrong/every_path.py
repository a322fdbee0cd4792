# fails: one call per entry
def backward(record, seeds):
    producers = {entry.output: entry for entry in record}
    gradients = {}

    def receive(tensor, dy):
        gradients[tensor] = gradients[tensor] + dy if tensor in gradients else dy
        if tensor in producers:
            entry = producers[tensor]
            for source, part in zip(entry.inputs, entry.backward(dy)):
                if part is not None:
                    receive(source, part)

    for tensor, seed in seeds.items():
        receive(tensor, seed)
    return gradients
