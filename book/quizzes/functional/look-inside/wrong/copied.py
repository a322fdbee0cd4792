# fails: what a layer returns
import keras
from insidetf.keras_lens import calls_by_depth


def look_inside(model, names):
    """Return a model of what the named layers of `model` return, and its output."""
    last = {}
    for nodes in calls_by_depth(model).values():
        for node in nodes:
            last.setdefault(node.operation.name, node.output_tensors[0])
    outputs = {name: last[name] for name in names}
    return keras.models.clone_model(
        keras.Model(model.input, outputs | {"output": model.output})
    )
