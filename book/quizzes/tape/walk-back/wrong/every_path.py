# fails: one call per record
def backward(records, seeds):
    producers = {record.output: record for record in records}
    gradients = {}

    def receive(tensor, dy):
        gradients[tensor] = gradients[tensor] + dy if tensor in gradients else dy
        if tensor in producers:
            record = producers[tensor]
            for source, part in zip(record.inputs, record.backward(dy)):
                if part is not None:
                    receive(source, part)

    for tensor, seed in seeds.items():
        receive(tensor, seed)
    return gradients
