# fails: what a result depends on, to any depth
def live(graph, effects):
    """Return the names of the operations that have to run."""
    names = set()
    for tensor in graph.outputs:
        names.add(tensor.op.name)
        names.update(source.op.name for source in tensor.op.inputs)
    return names
