from collections import defaultdict


def backward(record, seeds):
    parts = defaultdict(list)
    for tensor, seed in seeds.items():
        parts[tensor].append(seed)
    for entry in record[::-1]:
        if parts.get(entry.output):
            dy = sum(parts[entry.output][1:], parts[entry.output][0])
            for tensor, part in zip(entry.inputs, entry.backward(dy)):
                if part is not None:
                    parts[tensor].append(part)
    return {t: sum(found[1:], found[0]) for t, found in parts.items()}
