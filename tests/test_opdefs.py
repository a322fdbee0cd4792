"""The glasses for what TensorFlow knows of an op, and for the calls of a line."""

import sys

import numpy as np
import pytest
import tensorflow as tf

from insidetf import draw, opdefs, plot
from insidetf.calls import tap_calls


def test_definition_of_an_unknown_op_is_an_error():
    with pytest.raises(LookupError, match="Hadamard"):
        opdefs.op_definition("Hadamard")


@pytest.mark.parametrize(
    ("op_type", "signature"),
    [
        ("MatMul", "a: T, b: T -> product: T"),
        ("ConcatV2", "values: N * T, axis: Tidx -> output: T"),
        ("Greater", "x: T, y: T -> z: bool"),
        ("AssignVariableOp", "resource: resource, value: dtype ->"),
        ("If", "cond: Tcond, input: list(Tin) -> output: list(Tout)"),
    ],
)
def test_signature_is_written_as_it_is_registered(op_type, signature):
    assert opdefs.signature(op_type) == signature


def test_kernels_say_which_dtypes_run():
    on_cpu = {
        dtype
        for kernel in opdefs.registered_kernels("RealDiv")
        if kernel.device == "CPU"
        for dtype in kernel.dtypes()
    }
    for dtype, raises in ((tf.float32, False), (tf.int32, True)):
        assert (dtype.name in on_cpu) is not raises
        one = tf.ones((), dtype)
        if raises:
            with pytest.raises(tf.errors.NotFoundError):
                tf.raw_ops.RealDiv(x=one, y=one)
        else:
            assert float(tf.raw_ops.RealDiv(x=one, y=one)) == 1.0


def outer(value):
    return inner(value) + abs(value)


def inner(value):
    return value


def test_calls_are_logged_in_order_with_their_callers():
    with tap_calls() as calls:
        outer(-1)
    assert calls.names == ["outer", "inner", "abs"]
    assert [call.caller for call in calls] == [None, 0, 0]
    assert [call.is_python for call in calls] == [True, True, False]
    assert calls.python == 2
    assert calls.edges(["outer", "abs"]) == [("outer", "abs")]


def test_skipped_functions_hand_their_calls_to_their_callers():
    with tap_calls() as calls:
        (lambda: outer(-1))()
    assert calls.edges(["<lambda>", "inner"]) == [("<lambda>", "inner")]


def test_profiler_is_gone_after_the_block_and_after_an_error():
    with pytest.raises(ZeroDivisionError), tap_calls() as calls:
        _ = 1 / 0
    assert sys.getprofile() is None
    assert calls == []


@pytest.mark.parametrize(
    ("value", "routes"),
    [
        (1.0, ["fast path"]),
        (np.ones(2, np.float32), ["fast path"]),
        (np.float32(1), ["fast path", "fallback"]),
        ([1.0, 2.0], ["fast path", "fallback"]),
    ],
)
def test_route_of_an_op_depends_on_its_inputs(value, routes):
    x = tf.ones(2)
    with tap_calls() as calls:
        tf.raw_ops.AddV2(x=x, y=value)
    assert calls.routes == routes


def test_op_in_a_graph_takes_the_third_route():
    with tf.Graph().as_default(), tap_calls() as calls:
        tf.raw_ops.AddV2(x=1.0, y=2.0)
    assert set(calls.routes) == {"graph"}


def test_drawn_calls_show_the_functions_that_were_named():
    with tap_calls() as calls:
        outer(-1)
    figure = draw.draw_calls([calls], {"outer": "outer", "abs": "absolute"})
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts == ["outer", "absolute"]


def test_drawn_table_has_a_box_for_each_node():
    boxes = {("a", "x"): plot.Node("1"), ("b", "y"): plot.Node("2", "faded")}
    figure = plot.draw_table(["a", "b"], ["x", "y"], boxes)
    texts = [text.get_text().strip() for text in figure.axes[0].texts]
    assert sorted(texts) == ["1", "2", "a", "b", "x", "y"]
