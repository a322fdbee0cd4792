# fails: a call that is needed twice counts once
from collections import Counter

from insidetf.keras_lens import calls_of, history_of


def count_calls(outputs):
    """Return how often each operation is called for these outputs, by name."""
    counts = Counter()

    def visit(tensor):
        operation, index, _ = history_of(tensor)
        node = calls_of(operation)[index]
        if node.is_input:
            return
        counts[operation.name] += 1
        for before in node.input_tensors:
            visit(before)

    for tensor in outputs:
        visit(tensor)
    return dict(counts)
