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
    eager, traced = body(*arguments), tf.function(body)
    found = []
    for name in PASSES:
        tf.config.optimizer.set_experimental_options({name: False})
        if np.allclose(traced(*arguments), eager):
            found.append(name)
        tf.config.optimizer.set_experimental_options({name: True})
    return found
