import tensorflow as tf
from selfcheck.checks import (
    check,
    equal,
    fail,
    random_input,
    shape_dtype,
    values_close,
)
from tensorflow.python.framework import op_callbacks


def means(x, units):
    """What a fresh mixer gives: the mean of each row, once for each unit."""
    return tf.repeat(tf.reduce_mean(x, axis=1, keepdims=True), units, axis=1)


def fresh(s, units, x):
    mixer = s.Mixer(units)
    what = f"the first result of Mixer({units})"
    values_close(mixer(x), means(x, units), on=x, atol=1e-5, what=what)
    return mixer


@check("a first call", section="function-variables")
def first_call(s):
    mixer = fresh(s, 2, random_input([4, 3]))
    if not hasattr(mixer.weights, "assign"):
        kind = type(mixer.weights).__name__
        fail(f"expected `weights` to be a variable, it is of type {kind}")
    shape_dtype(mixer.weights, [3, 2], "float32", what="the weights")


@check("the weights stay", section="function-variables")
def weights_stay(s):
    mixer = fresh(s, 2, random_input([4, 3]))
    weights, new = mixer.weights, random_input([3, 2])
    weights.assign(new)
    for rows in (4, 5, 4, 1):
        x = random_input([rows, 3])
        what = f"the result for {rows} row(s) after the weights were assigned to"
        values_close(mixer(x), x @ new, on=x, atol=1e-5, what=what)
        if mixer.weights is not weights:
            fail(f"expected `weights` to stay one object, a call for {x.shape} made it")


@check("several mixers", section="function-variables")
def several(s):
    mixers = [fresh(s, units, random_input([4, 3])) for units in (2, 2, 1)]
    mixers.append(fresh(s, 2, random_input([4, 5])))
    mixers[0].weights.assign(tf.zeros((3, 2)))
    x = random_input([4, 3])
    values_close(mixers[0](x), tf.zeros((4, 2)), what="the mixer with zeros")
    values_close(mixers[1](x), means(x, 2), on=x, atol=1e-5, what="the mixer beside it")


@check("one op for a call", section="function-cost")
def compiled(s):
    mixer, seen = fresh(s, 2, random_input([4, 3])), []

    def tap(op_type, inputs, attrs, outputs, op_name=None, graph=None):
        seen.append(op_type if isinstance(op_type, str) else op_type.decode())

    x = random_input([4, 3])
    mixer(x)
    op_callbacks.add_op_callback(tap)
    try:
        mixer(x)
    finally:
        op_callbacks.remove_op_callback(tap)
    if len(seen) != 1 or seen[0] in ("MatMul", "ReadVariableOp"):
        fail(f"expected a call to be one op, the call of a graph, got {seen}")


@check("inside another tf.function", section="function-variables")
def nested(s):
    mixer, x = s.Mixer(2), random_input([4, 3])
    outer = tf.function(lambda x: 2.0 * mixer(x))
    for _ in range(2):
        values_close(outer(x), 2.0 * means(x, 2), on=x, atol=1e-5, what="outer(x)")
    mixer.weights.assign(tf.zeros((3, 2)))
    values_close(outer(x), tf.zeros((4, 2)), what="outer(x) after zeros were assigned")
    equal(outer.experimental_get_tracing_count() <= 2, True, what="two traces at most")
