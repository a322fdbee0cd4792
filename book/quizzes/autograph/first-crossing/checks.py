import numpy as np
import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input

VALUES = np.float32([1.0, 4.0, 2.0, 8.0, 9.0])
LIMITS = (0.0, 1.0, 3.0, 5.0, 8.5, 9.0)


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


@check("looks no further than it has to", section="autograph-passes")
def looks(s):
    seen = []

    def note(value):
        seen.append(float(value))
        return value

    class Watched(tf.experimental.ExtensionType):
        values: tf.Tensor

        def __getitem__(self, i):
            value = tf.py_function(note, [self.values[i]], tf.float32)
            return tf.ensure_shape(value, [])

        def __len__(self):
            return len(self.values)

    @tf.experimental.dispatch_for_api(tf.size)
    def size(input: Watched, out_type=None, name=None):
        return tf.size(input.values)

    @tf.experimental.dispatch_for_api(tf.shape)
    def shape(input: Watched, out_type=None, name=None):
        return tf.shape(input.values)

    result = tf.function(s.first_crossing)(
        Watched(tf.constant(VALUES)), tf.constant(3.0)
    )
    equal(int(result), 1, on=(VALUES, 3.0), what="the index")
    if set(seen) - {1.0, 4.0}:
        fail(
            f"expected to look at 1.0 and 4.0 alone for the limit 3.0, looked at {seen}"
        )
