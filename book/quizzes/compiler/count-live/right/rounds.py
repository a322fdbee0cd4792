def live(graph, effects):
    known = {tensor.op.name: tensor.op for tensor in graph.outputs}
    known.update({op.name: op for op in effects})
    fresh = list(known.values())
    while fresh:
        before = []
        for op in fresh:
            for other in [*(t.op for t in op.inputs), *op.control_inputs]:
                if other.name not in known:
                    known[other.name] = other
                    before.append(other)
        fresh = before
    return known.keys()
