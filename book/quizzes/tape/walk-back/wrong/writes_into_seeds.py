# fails: seeds are left alone
def backward(records, seeds):
    for record in reversed(records):
        if record.output in seeds:
            parts = record.backward(seeds[record.output])
            for tensor, part in zip(record.inputs, parts):
                if part is not None:
                    seeds[tensor] = seeds[tensor] + part if tensor in seeds else part
    return seeds
