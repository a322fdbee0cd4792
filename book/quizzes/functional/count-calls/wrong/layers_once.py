# fails: counts the calls of a shared layer
from collections import Counter

from insidetf.keras_lens import calls_of, history_of


def count_calls(outputs):
    """Return how often each operation is called for these outputs, by name."""
    met = {}

    def visit(tensor):
        operation, index, _ = history_of(tensor)
        node = calls_of(operation)[index]
        if node.is_input or id(operation) in met:
            return
        met[id(operation)] = operation.name
        for before in node.input_tensors:
            visit(before)

    for tensor in outputs:
        visit(tensor)
    return dict(Counter(met.values()))
