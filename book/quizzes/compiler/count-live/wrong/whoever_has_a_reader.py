# fails: chains that lead nowhere
def live(graph, effects):
    """Return the names of the operations that have to run."""
    ops = [*(tensor.op for tensor in graph.outputs), *effects]
    for op in graph.get_operations():
        ops += [tensor.op for tensor in op.inputs]
        ops += op.control_inputs
    return {op.name for op in ops}
