# fails: one pass to blame
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
        return traced(*arguments).numpy().tobytes() == eager

    eager = body(*arguments).numpy().tobytes()
    if same():
        return []
    before = tf.config.optimizer.get_experimental_options()
    found = []
    for name in PASSES:
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
        try:
            if same():
                found.append(name)
        finally:
            tf.config.optimizer.set_experimental_options(
                {"disable_meta_optimizer": False}
            )
    return found
