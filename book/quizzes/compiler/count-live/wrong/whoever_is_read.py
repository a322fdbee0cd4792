# fails: chains that lead nowhere
def live(graph, effects):
    """Return the names of the operations that have to run."""
    names = set()
    stack = [tensor.op for tensor in graph.outputs] + list(effects)
    while stack:
        op = stack.pop()
        if op.name not in names:
            names.add(op.name)
            stack += [tensor.op for tensor in op.inputs]
            stack += op.control_inputs
    read = {tensor.op.name for op in graph.get_operations() for tensor in op.inputs}
    return names | {name for name in read if "Sin" in name or "Exp" in name}
