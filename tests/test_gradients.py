"""Gradient functions of the miniature against TensorFlow's, op by op."""

import inspect
from dataclasses import dataclass, field

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import microtf as mt
from insidetf.lens import gradient_calls, registered_gradients


@dataclass
class Case:
    """One op with inputs by shape (random floats) or by value, and its attributes."""

    op_type: str
    inputs: tuple
    attrs: dict = field(default_factory=dict)
    positive: bool = False
    name: str = ""

    def arrays(self, seed: int = 0) -> list[np.ndarray]:
        random = np.random.default_rng(seed)
        arrays = []
        for value in self.inputs:
            if isinstance(value, tuple):
                value = random.uniform(0.5, 2.0, value)
                # Away from kinks and ties, where finite differences mean nothing.
                if not self.positive:
                    value = value * random.choice([-1.0, 1.0], value.shape)
                value = value.astype(np.float32)
            arrays.append(np.asarray(value))
        return arrays


def ints(*values):
    return np.array(values, np.int32)


UNARY = [
    *("Abs", "Cos", "Cosh", "Exp", "Expm1", "Identity", "Neg", "Reciprocal", "Relu"),
    *("Sigmoid", "Sin", "Sinh", "Softplus", "Square", "Tanh"),
]
POSITIVE = ["Log", "Log1p", "Rsqrt", "Sqrt"]
BINARY = [
    *("AddV2", "Maximum", "Minimum", "Mul", "RealDiv", "SquaredDifference", "Sub"),
]
MASK = np.array([[True], [False], [True]])
CASES = [
    *(Case(op_type, ((3, 4),)) for op_type in UNARY),
    *(Case(op_type, ((3, 4),), positive=True) for op_type in POSITIVE),
    *(Case(op_type, ((3, 4), (3, 4))) for op_type in BINARY),
    *(Case(op_type, ((3, 1), (2, 1, 4)), name="broadcast") for op_type in BINARY),
    *(Case(op_type, ((), (2, 3)), name="scalar") for op_type in BINARY),
    Case("Pow", ((3, 4), (3, 4)), positive=True),
    Case("Pow", ((3, 1), (4,)), positive=True, name="broadcast"),
    Case("Sign", ((3, 4),)),
    Case("SelectV2", (MASK, (3, 4), (4,))),
    Case("AddN", ((3, 2), (3, 2), (3, 2))),
    *(
        Case("MatMul", shapes, {"transpose_a": a, "transpose_b": b}, name=f"{a}-{b}")
        for a, b, shapes in [
            (False, False, ((2, 3), (3, 4))),
            (False, True, ((2, 3), (4, 3))),
            (True, False, ((3, 2), (3, 4))),
            (True, True, ((3, 2), (4, 3))),
        ]
    ),
    *(
        Case("BatchMatMulV2", shapes, {"adj_x": a, "adj_y": b}, name=f"{a}-{b}")
        for a, b, shapes in [
            (False, False, ((5, 2, 3), (5, 3, 4))),
            (False, True, ((5, 2, 3), (4, 3))),
            (True, False, ((3, 2), (5, 3, 4))),
            (True, True, ((5, 3, 2), (1, 4, 3))),
        ]
    ),
    *(
        Case(op_type, ((2, 3, 4), axis), {"keep_dims": keep}, name=f"{axis}-{keep}")
        for op_type in ("Sum", "Mean", "Max", "Min")
        for axis, keep in [(ints(0, 2), False), (np.int32(-1), True), (ints(), False)]
    ),
    Case("Reshape", ((2, 6), ints(3, 4))),
    Case("Transpose", ((2, 3, 4), ints(2, 0, 1))),
    Case("ExpandDims", ((2, 3), np.int32(1))),
    Case("Squeeze", ((2, 1, 3, 1),), {"axis": [1]}),
    Case("BroadcastTo", ((3, 1), ints(2, 3, 4))),
    Case("BroadcastTo", ((2, 3), ints(2, 3)), name="same"),
    Case("Tile", ((2, 3), ints(3, 2))),
    Case("ConcatV2", ((2, 1), (2, 3), np.int32(1))),
    Case("ConcatV2", ((2, 1), (3, 1), np.int32(-2)), name="negative"),
    Case("Pack", ((2, 3), (2, 3)), {"axis": 1}),
    Case("Unpack", ((2, 3),), {"num": 3, "axis": 1}),
    Case("Slice", ((4, 5), ints(1, 0), ints(2, 3))),
    Case("Slice", ((4, 5), ints(1, 2), ints(-1, 1)), name="to-the-end"),
    Case("Pad", ((2, 3), np.array([[1, 0], [2, 1]], np.int32))),
    Case("GatherV2", ((4, 3), ints(0, 2, 2), np.int32(0))),
    Case("GatherV2", ((4, 3, 2), ints(2, 0, 2), np.int32(1)), name="axis-1"),
    Case("GatherV2", ((4, 3), np.array([[1, 1], [0, 2]], np.int32), np.int32(1))),
    Case("UnsortedSegmentSum", ((4, 3), ints(0, 2, 2, 0), np.int32(3))),
    Case("BiasAdd", ((2, 5, 3), (3,))),
    Case("Softmax", ((3, 4),)),
    Case("LogSoftmax", ((3, 4),)),
    Case("Cast", ((3, 4),), {"DstT": np.float64}),
]


def case_id(case: Case) -> str:
    return f"{case.op_type}-{case.name}" if case.name else case.op_type


def run_tensorflow(case: Case, tensors):
    function = getattr(tf.raw_ops, case.op_type)
    names = list(inspect.signature(function).parameters)
    attrs = {k: tf.as_dtype(v) if k == "DstT" else v for k, v in case.attrs.items()}
    if names[0] in ("values", "inputs"):  # the ops that take a list
        count = len(tensors) - (case.op_type == "ConcatV2")
        rest = dict(zip(names[1:], tensors[count:], strict=False))
        return function(**{names[0]: tensors[:count]}, **rest, **attrs)
    return function(**dict(zip(names, tensors, strict=False)), **attrs)


def differentiate(lib, run, arrays, seeds):
    """Run one op on one of the libraries; return its results and its gradients."""
    tensors = [lib.constant(array) for array in arrays]
    sources = [t for t in tensors if np.asarray(t).dtype.kind == "f"]
    with lib.GradientTape() as tape:
        tape.watch(sources)
        y = run(tensors)
    seeds = seeds if isinstance(y, list) else seeds[0]
    seeds = tf.nest.map_structure(lib.constant, seeds)
    return y, tape.gradient(y, sources, output_gradients=seeds)


def as_dense(gradient):
    if isinstance(gradient, tf.IndexedSlices):
        gradient = tf.convert_to_tensor(gradient)
    return gradient if gradient is None else np.asarray(gradient)


def seeds_for(case: Case):
    y = run_tensorflow(case, [tf.constant(a) for a in case.arrays()])
    random = np.random.default_rng(1)
    outputs = y if isinstance(y, list) else [y]
    return [random.normal(size=o.shape).astype(o.dtype.as_numpy_dtype) for o in outputs]


def check(case: Case, arrays, seeds):
    y, expected = differentiate(tf, lambda t: run_tensorflow(case, t), arrays, seeds)
    mine, got = differentiate(
        mt, lambda t: mt.op(case.op_type, *t, **case.attrs), arrays, seeds
    )
    for theirs, ours in zip(tf.nest.flatten(y), tf.nest.flatten(mine), strict=True):
        assert ours.dtype == theirs.dtype.as_numpy_dtype
        np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-6)
    for theirs, ours in zip(map(as_dense, expected), map(as_dense, got), strict=True):
        assert (theirs is None) == (ours is None)
        if theirs is not None:
            assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
            np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_op_and_its_gradient_equal_tensorflows(case):
    check(case, case.arrays(), seeds_for(case))


#: Gradients that other modules compare: of a read, of branches, and a test's own.
ELSEWHERE = {"ReadVariableOp", "If", "StatelessIf", "StatelessWhile", "Triple", "While"}


def test_more_than_25_ops_have_a_gradient_and_all_of_them_are_compared():
    compared = {case.op_type for case in CASES}
    differentiable = {
        op_type
        for op_type in mt.registered_gradients()
        if mt.gradient_function(op_type) and op_type not in ELSEWHERE
    }
    assert differentiable == compared
    assert len(compared) >= 45


#: Ops that write to a variable: no walk comes to them, and TensorFlow has no entry. An
#: underscore begins the names of ops that the miniature has to itself.
WRITES = ("Assign", "ResourceScatter", "_")


def test_every_op_of_the_registry_has_an_entry_in_tensorflows():
    theirs = set(registered_gradients())
    ours = {t for t in mt.registered_gradients() if not t.startswith(WRITES)}
    assert ours - {"Triple", "FakeParam"} <= theirs


KEEPS = [case for case in CASES if not case.name]


@pytest.mark.parametrize("case", KEEPS, ids=case_id)
def test_record_keeps_the_inputs_that_tensorflows_keeps(case):
    arrays, seeds = case.arrays(), seeds_for(case)
    with gradient_calls() as calls:
        differentiate(tf, lambda t: run_tensorflow(case, t), arrays, seeds)
    (theirs,) = calls
    ours = mt.registry.reads(case.op_type, "inputs")
    # Ops of TensorFlow with one whole-number input hold the other only for its shape,
    # or hold the number alone: what counts is whether any floating input is alive.
    floats = [t for t in theirs.kept_inputs if t and t.dtype in ("float32", "float64")]
    integers_alone = theirs.keeps_inputs and not floats
    assert ours == bool(floats) or integers_alone


ACTIVATIONS = ["Exp", "Relu", "Rsqrt", "Sigmoid", "Softmax", "Sqrt", "Square", "Tanh"]


@pytest.mark.parametrize("op_type", [*ACTIVATIONS, "MatMul", "Mul", "BiasAdd", "Log"])
def test_record_keeps_inputs_and_outputs_exactly_as_tensorflows_does(op_type):
    case = next(case for case in CASES if case.op_type == op_type)
    with gradient_calls() as calls:
        differentiate(
            tf, lambda t: run_tensorflow(case, t), case.arrays(), seeds_for(case)
        )
    assert mt.registry.reads(op_type, "inputs") == calls[0].keeps_inputs
    assert mt.registry.reads(op_type, "outputs") == calls[0].keeps_outputs


@settings(max_examples=60, deadline=None)
@given(
    shapes=mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3),
    op_type=st.sampled_from([*BINARY, "Pow"]),
    seed=st.integers(0, 2**16),
)
def test_gradients_fold_back_any_broadcast_as_tensorflows_do(shapes, op_type, seed):
    case = Case(op_type, shapes.input_shapes, positive=op_type == "Pow")
    seeds = [np.random.default_rng(seed).normal(size=shapes.result_shape)]
    check(case, case.arrays(seed), [np.float32(seeds[0])])


@pytest.mark.parametrize("op_type", ["Maximum", "Minimum"])
def test_a_tie_gives_the_whole_gradient_to_the_first_input(op_type):
    check(Case(op_type, ()), [np.float32([1, 2])] * 2, [np.float32([3, 4])])


@pytest.mark.parametrize("op_type", ["Max", "Min"])
def test_elements_that_share_the_extreme_value_share_the_gradient(op_type):
    check(Case(op_type, ()), [np.float32([5, 5, 5]), ints(0)], [np.float32(6)])


def test_relu_has_gradient_zero_at_zero():
    check(Case("Relu", ()), [np.float32([-1, 0, 1])], [np.float32([1, 1, 1])])


def test_power_of_a_negative_base_gives_no_gradient_to_the_exponent():
    check(Case("Pow", ()), [np.float32([-2, 0]), np.float32([2, 3])], [np.ones(2, "f")])


SMOOTH = [c for c in CASES if c.op_type not in ("Cast", "Sign")]


@pytest.mark.parametrize("case", SMOOTH, ids=case_id)
def test_second_derivatives_equal_tensorflows(case):
    arrays, results = case.arrays(), []
    runs = {
        tf: lambda t: run_tensorflow(case, t),
        mt: lambda t: mt.op(case.op_type, *t, **case.attrs),
    }
    for lib, run in runs.items():
        tensors = [lib.constant(array) for array in arrays]
        sources = [t for t in tensors if np.asarray(t).dtype.kind == "f"]
        with lib.GradientTape() as outer:
            outer.watch(sources)
            with lib.GradientTape() as inner:
                inner.watch(sources)
                y = run(tensors)
                y = y[1] if isinstance(y, list) else y
                total = lib.reduce_sum(y * y * y)
            first = [g for g in inner.gradient(total, sources) if g is not None]
            first = [lib.constant(1.0) * as_tensor(lib, g) for g in first]
            total = sum((lib.reduce_sum(g * g) for g in first), lib.constant(0.0))
        zero = {"unconnected_gradients": "zero"}
        results.append([as_dense(g) for g in outer.gradient(total, sources, **zero)])
    for theirs, ours in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-3)


def as_tensor(lib, gradient):
    return tf.convert_to_tensor(gradient) if lib is tf else gradient
