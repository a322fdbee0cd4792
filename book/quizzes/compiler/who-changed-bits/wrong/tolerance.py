# fails: last digits
import numpy as np
import tensorflow as tf

PASSES = [
    "arithmetic_optimization",
    "constant_folding",
    "dependency_optimization",
    "function_optimization",
    "loop_optimization",
    "remapping",
    "shape_optimization",
]


def who_changed(body, *arguments):
    """Return the passes each of which, switched off alone, restores eager's bits."""
    traced = tf.function(body)

    def same():
        return np.allclose(traced(*arguments), eager)

    eager = body(*arguments)
    if same():
        return []
    before = tf.config.optimizer.get_experimental_options()
    found = []
    for name in PASSES:
        tf.config.optimizer.set_experimental_options({name: False})
        try:
            if same():
                found.append(name)
        finally:
            was_on = before.get(name, True)
            tf.config.optimizer.set_experimental_options({name: was_on})
    return found
