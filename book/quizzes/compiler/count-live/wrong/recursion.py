# fails: long graphs
def live(graph, effects):
    """Return the names of the operations that have to run."""
    names = set()

    def visit(op):
        if op.name in names:
            return
        names.add(op.name)
        for tensor in op.inputs:
            visit(tensor.op)
        for other in op.control_inputs:
            visit(other)

    for tensor in graph.outputs:
        visit(tensor.op)
    for op in effects:
        visit(op)
    return names
