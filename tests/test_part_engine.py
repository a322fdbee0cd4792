"""Part I as a whole: one program through every chapter's piece of the miniature.

It is run, converted, traced, differentiated, and optimized, and equals TensorFlow at
every step.
"""

from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from insidetf import compiled
from microtf import grappler
from microtf.graph import Graph

RATE, ENOUGH, MOST = 0.3, 0.01, 40


@pytest.fixture(params=[tf, mt], ids=["tensorflow", "microtf"])
def lib(request):
    """TensorFlow first, the miniature second, under the same assert."""
    return request.param


def program(lib):
    """Return gradient descent that clips its steps and stops when it is good enough."""

    def descend(rate, x, y, most):
        w = lib.transpose(x) @ y * 0.0
        loss, step = lib.constant(np.inf), lib.constant(0)
        while step < most:
            residual = x @ w - y
            loss = lib.reduce_mean(residual * residual)
            if loss < ENOUGH:
                break
            gradient = lib.transpose(x) @ residual * (lib.constant(2.0) / 8.0)
            size = lib.sqrt(lib.reduce_sum(gradient * gradient))
            if size > 1.0:
                gradient = gradient / size
            w = w - rate * gradient
            step = step + 1
        return loss, step

    return descend


def arrays():
    random = np.random.default_rng(0)
    x = random.normal(size=(8, 2)).astype(np.float32)
    noise = random.normal(scale=0.05, size=(8, 1))
    y = (x @ [[2.0], [-1.0]] + noise).astype(np.float32)
    return np.float32(RATE), x, y, np.int32(MOST)


def reference():
    """The same descent in NumPy, with the derivative of the result by the rate."""

    def descend(rate):
        _, x, y, most = arrays()
        x, y, w = x.astype(float), y.astype(float), np.zeros((2, 1))
        for step in range(most):
            residual = x @ w - y
            loss = np.mean(residual**2)
            if loss < ENOUGH:
                return loss, step
            gradient = x.T @ residual / 4
            w -= rate * gradient / max(np.linalg.norm(gradient), 1.0)
        raise AssertionError("the loop is meant to end with its break")

    near = 1e-6
    slope = (descend(RATE + near)[0] - descend(RATE - near)[0]) / (2 * near)
    return (*descend(RATE), slope)


def arguments(lib):
    return [lib.constant(array) for array in arrays()]


def trace(lib):
    return lib.function(program(lib)).get_concrete_function(*arguments(lib))


def arithmetic(types) -> Counter:
    """Keep the ops that compute, of which the two libraries have the same."""
    kinds = {"MatMul", "Mul", "Square", "Sub", "AddV2", "RealDiv", "Sqrt", "Mean"}
    kinds |= {"Sum", "Transpose", "Less", "Greater"}
    return Counter(kind for kind in types if kind in kinds)


def types_within(graph):
    """Yield the types of a graph's ops and of the graphs that its attributes hold."""
    if isinstance(graph, Graph):
        for op in graph.ops:
            yield op.type
            for attr in op.attrs.values():
                if isinstance(attr, Graph):
                    yield from types_within(attr)
    else:
        proto = graph.as_graph_def()
        yield from (node.op for node in proto.node)
        for function in proto.library.function:
            yield from (node.op for node in function.node_def)


def test_run_op_by_op(lib):
    loss, step = program(lib)(*arguments(lib))
    expected, steps, _ = reference()
    assert (float(loss), int(step)) == (pytest.approx(expected, rel=1e-4), steps)


def test_converted_and_traced(lib):
    concrete = trace(lib)
    types = Counter(types_within(concrete.graph))
    assert types["While"] + types["StatelessWhile"] == 1
    assert types["If"] + types["StatelessIf"] >= 1
    assert arithmetic(types.elements())["MatMul"] == 3
    loss, step = concrete(*arguments(lib))
    expected, steps, _ = reference()
    assert (float(loss), int(step)) == (pytest.approx(expected, rel=1e-4), steps)


def test_both_trace_the_same_arithmetic():
    ours, theirs = (arithmetic(types_within(trace(lib).graph)) for lib in (mt, tf))
    assert ours == theirs


def test_one_trace_serves_every_number(lib):
    function = lib.function(program(lib))
    _, x, y, _ = arguments(lib)
    for rate, most in (0.3, 40), (0.1, 3), (0.2, 0):
        _, step = function(lib.constant(rate), x, y, lib.constant(most))
        assert int(step) <= most
    assert function.experimental_get_tracing_count() == 1


@pytest.mark.parametrize("wrap", [False, True], ids=["eager", "traced"])
def test_differentiated(lib, wrap):
    run = lib.function(program(lib)) if wrap else program(lib)
    tensors = arguments(lib)
    with lib.GradientTape() as tape:
        tape.watch(tensors[0])
        loss, _ = run(*tensors)
    slope = tape.gradient(loss, tensors[0])
    assert float(slope) == pytest.approx(reference()[2], rel=1e-3)


def test_differentiated_within_the_trace(lib):
    descend = program(lib)

    def slope(rate, x, y, most):
        with lib.GradientTape() as tape:
            tape.watch(rate)
            loss, _ = descend(rate, x, y, most)
        return tape.gradient(loss, rate)

    result = lib.function(slope)(*arguments(lib))
    assert float(result) == pytest.approx(reference()[2], rel=1e-3)


def test_optimized():
    _, left = compiled.graphs(tf.function(program(tf)), *arguments(tf))
    graph = grappler.optimize(trace(mt).graph)
    ours, theirs = arithmetic(types_within(graph)), arithmetic(types_within(left))
    assert ours == theirs
    assert ours["Transpose"] == 0 and ours["Square"] == 2  # both were rewritten
    loss, step = graph.run(list(arrays()))
    expected, steps, _ = reference()
    assert (float(loss), int(step)) == (pytest.approx(expected, rel=1e-4), steps)


def test_optimized_backward():
    graph = _trace_slope(mt).graph
    optimized = grappler.optimize(graph)
    assert len(list(types_within(optimized))) < len(list(types_within(graph)))
    (slope,) = optimized.run(list(arrays()))
    theirs = _trace_slope(tf)(*arguments(tf))
    assert float(slope) == pytest.approx(float(theirs), rel=1e-4)


def _trace_slope(lib):
    descend = program(lib)

    def slope(rate, x, y, most):
        with lib.GradientTape() as tape:
            tape.watch(rate)
            loss, _ = descend(rate, x, y, most)
        return tape.gradient(loss, rate)

    return lib.function(slope).get_concrete_function(*arguments(lib))
