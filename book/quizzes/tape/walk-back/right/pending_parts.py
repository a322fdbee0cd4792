from collections import defaultdict


def backward(records, seeds):
    parts = defaultdict(list)
    for tensor, seed in seeds.items():
        parts[tensor].append(seed)
    for record in records[::-1]:
        if parts.get(record.output):
            dy = sum(parts[record.output][1:], parts[record.output][0])
            for tensor, part in zip(record.inputs, record.backward(dy)):
                if part is not None:
                    parts[tensor].append(part)
    return {t: sum(found[1:], found[0]) for t, found in parts.items()}
