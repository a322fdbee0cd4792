# fails: what an effect depends on
def live(graph, effects):
    """Return the names of the operations that have to run."""
    names = set()
    stack = [tensor.op for tensor in graph.outputs]
    while stack:
        op = stack.pop()
        if op.name not in names:
            names.add(op.name)
            stack += [tensor.op for tensor in op.inputs]
            stack += op.control_inputs
    return names | {op.name for op in effects}
