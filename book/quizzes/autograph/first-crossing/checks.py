import numpy as np
import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input
from tensorflow.python.framework import op_callbacks

VALUES = np.float32([1.0, 4.0, 2.0, 8.0, 9.0])
LIMITS = (0.0, 1.0, 3.0, 5.0, 8.5, 9.0)
READS = {"StridedSlice", "GatherV2", "GatherNd", "Slice", "TensorListGetItem"}
COMPARES = {"Greater", "GreaterEqual", "Less", "LessEqual", "Sub", "Max", "TopKV2"}


def expected(values, limit):
    above = np.flatnonzero(values > limit)
    return int(above[0]) if len(above) else -1


def compare(call, values, limits):
    for limit in limits:
        result = call(tf.constant(values), tf.constant(np.float32(limit)))
        equal(
            int(result), expected(values, limit), on=(values, limit), what="the index"
        )


@check("works in a trace", section="autograph-passes")
def traced(s):
    function = tf.function(s.first_crossing)
    compare(function, VALUES, LIMITS)
    compare(function, random_input([20]).numpy(), (-0.5, 0.0, 0.5, 100.0))


@check("works without a trace", section="autograph-decide")
def eager(s):
    compare(s.first_crossing, VALUES, LIMITS)


@check("returns int32", section="autograph-state")
def dtype(s):
    spec = tf.TensorSpec([5]), tf.TensorSpec(())
    result = (
        tf.function(s.first_crossing).get_concrete_function(*spec).structured_outputs
    )
    if result.dtype != tf.int32:
        fail(f"expected a result of int32, got {result.dtype.name}")


@check("serves all lengths with one trace", section="autograph-loops")
def lengths(s):
    spec = [tf.TensorSpec([None]), tf.TensorSpec(())]
    function = tf.function(s.first_crossing, input_signature=spec)
    for length in (0, 1, 5):
        compare(function, VALUES[:length], (0.0, 3.0))


def looked_at(op_type, inputs, outputs):
    """Return the tensors that an op reads from a vector, or compares as a vector."""
    if op_type in READS:
        return [t for t in outputs if t.dtype == tf.float32]
    if op_type in COMPARES:
        return [t for t in inputs if t.dtype == tf.float32 and t.shape.rank != 0]
    return []


@check("looks no further than it has to", section="autograph-passes")
def looks(s):
    seen = set()

    def note(values):
        seen.update(values.numpy().ravel().tolist())

    def watch(op_type, inputs, attrs, outputs, op_name=None, graph=None):
        for tensor in looked_at(op_type, inputs, outputs):
            tf.py_function(note, [tensor], [])

    spec = tf.TensorSpec([5]), tf.TensorSpec(())
    op_callbacks.add_op_callback(watch)
    try:
        traced = tf.function(s.first_crossing).get_concrete_function(*spec)
    finally:
        op_callbacks.remove_op_callback(watch)
    result = traced(tf.constant(VALUES), tf.constant(3.0))
    equal(int(result), 1, on=(VALUES, 3.0), what="the index")
    behind = sorted(seen & set(VALUES[2:].tolist()))
    if behind:
        fail(f"expected to look at 1.0 and 4.0 for the limit 3.0, looked at {behind}")
