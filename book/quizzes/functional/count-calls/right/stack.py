from insidetf.keras_lens import calls_of, history_of


def count_calls(outputs):
    todo, seen = list(outputs), set()
    while todo:
        operation, index, _ = history_of(todo.pop())
        node = calls_of(operation)[index]
        if (operation, index) not in seen and node.input_tensors:
            seen.add((operation, index))
            todo += node.input_tensors
    counts = {}
    for operation, _ in seen:
        counts[operation.name] = counts.get(operation.name, 0) + 1
    return counts
