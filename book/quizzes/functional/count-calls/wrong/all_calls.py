# fails: calls that lead nowhere do not count
from insidetf.keras_lens import calls_of, history_of


def count_calls(outputs):
    """Return how often each operation is called for these outputs, by name."""
    met, ops = {}, {}

    def visit(tensor):
        operation, index, _ = history_of(tensor)
        node = calls_of(operation)[index]
        if node.is_input or id(node) in met:
            return
        met[id(node)] = operation.name
        ops[operation.name] = operation
        for before in node.input_tensors:
            visit(before)

    for tensor in outputs:
        visit(tensor)
    return {n: len(calls_of(o)) for n, o in ops.items()}
