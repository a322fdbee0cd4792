# fails: seeds are left alone
def backward(record, seeds):
    for entry in reversed(record):
        if entry.output in seeds:
            parts = entry.backward(seeds[entry.output])
            for tensor, part in zip(entry.inputs, parts):
                if part is not None:
                    seeds[tensor] = seeds[tensor] + part if tensor in seeds else part
    return seeds
