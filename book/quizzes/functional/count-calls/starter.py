from insidetf.keras_lens import calls_of, history_of


def count_calls(outputs):
    """Return how often each operation is called for these outputs, by name."""
    counts = {}
    for tensor in outputs:
        operation = history_of(tensor).operation
        counts[operation.name] = len(calls_of(operation))
    return counts
