"""Tracing and concrete functions of the miniature against TensorFlow's."""

import dataclasses
import gc
import random
import weakref
from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf.auto_control_deps import is_stateful


@pytest.fixture(params=[tf, mt], ids=["tensorflow", "microtf"])
def lib(request):
    """TensorFlow first, the miniature second, under the same assert."""
    return request.param


def traces(function) -> int:
    return function.experimental_get_tracing_count()


def spec(lib, shape=(), dtype="float32"):
    return lib.TensorSpec(shape, dtype)


def nodes(concrete):
    graph = concrete.graph
    return graph.get_operations() if hasattr(graph, "get_operations") else graph.ops


def types(concrete) -> Counter:
    return Counter(op.type for op in nodes(concrete))


def value(tensor):
    return np.asarray(tensor).tolist()


# What a trace is


def test_python_runs_once_and_the_graph_at_every_call(lib):
    log = []

    @lib.function
    def f(x):
        log.append("ran")
        return x * x

    results = [value(f(lib.constant(number))) for number in (2.0, 3.0, 4.0)]
    assert (results, log, traces(f)) == ([4.0, 9.0, 16.0], ["ran"], 1)


def test_python_values_become_constants_of_the_graph(lib):
    scale = [2.0]

    @lib.function
    def f(x):
        return x * scale[0]

    first = value(f(lib.constant(1.0)))
    scale[0] = 100.0
    assert (first, value(f(lib.constant(1.0)))) == (2.0, 2.0)


@pytest.mark.parametrize(
    "use", [bool, float, int, list, np.asarray, lambda x: x.numpy()]
)
def test_symbolic_tensor_has_no_value(lib, use):
    def body(x):
        use(x)

    # AutoGraph would turn some of these into ops.
    f = lib.function(body, autograph=False)
    with pytest.raises((TypeError, NotImplementedError, AttributeError)):
        f(lib.constant(1.0))


def test_symbolic_tensor_knows_its_spec(lib):
    seen = []

    @lib.function
    def f(x):
        y = lib.reduce_sum(lib.matmul(x, lib.transpose(x)), 0)
        seen.append(
            (tuple(y.shape), np.dtype(getattr(y.dtype, "as_numpy_dtype", y.dtype)))
        )
        return y

    f.get_concrete_function(spec(lib, (2, 3)))
    f.get_concrete_function(spec(lib, (None, 3)))
    assert seen == [((2,), np.float32), ((None,), np.float32)]


def test_graph_holds_the_ops_of_the_program(lib):
    table = lib.constant(np.ones((16, 16), np.float32))
    weight = lib.Variable(np.ones((16, 2), np.float32))

    @lib.function
    def f(x):
        return lib.reduce_mean(lib.nn.relu(lib.matmul(x + table, weight)) * 2.0)

    concrete = f.get_concrete_function(spec(lib, (16, 16)))
    expected = "Placeholder Placeholder Placeholder AddV2 ReadVariableOp MatMul Relu"
    expected += " Const Mul Const Mean NoOp Identity"
    assert types(concrete) == Counter(expected.split())


def test_results_keep_their_structure(lib):
    @lib.function
    def f(x):
        return {"a": x, "b": [x + 1.0, None, (x + 2.0,)]}

    result = f(lib.constant(1.0))
    assert value(result["a"]) == 1.0 and result["b"][1] is None
    assert isinstance(result["b"], list) and isinstance(result["b"][2], tuple)
    assert value(result["b"][2][0]) == 3.0


def test_function_returns_tensors_or_nothing(lib):
    with pytest.raises(TypeError, match="return"):
        lib.function(lambda x: object())(lib.constant(1.0))
    assert lib.function(lambda x: None)(lib.constant(1.0)) is None


def test_arguments_go_by_name_and_default(lib):
    @lib.function
    def f(x, scale=2.0, *, shift=1.0):
        return x * scale + shift

    x = lib.constant(3.0)
    assert [value(f(x)), value(f(x, 2.0)), value(f(scale=2.0, x=x))] == [7.0] * 3
    assert traces(f) == 1
    assert value(f(x, shift=5.0)) == 11.0 and traces(f) == 2


def test_tensor_of_a_trace_cannot_be_used_outside(lib):
    leaked = []

    @lib.function
    def f(x):
        leaked.append(x * 2.0)
        return x

    f(lib.constant(1.0))
    with pytest.raises(TypeError):
        leaked[0] + 1.0
    with pytest.raises(TypeError):
        lib.function(lambda x: x + leaked[0])(lib.constant(1.0))


# Captures


def test_what_comes_from_outside_becomes_an_input(lib):
    small, large = lib.constant([1.0, 2.0]), lib.constant(np.ones((200,), np.float32))
    v = lib.Variable(3.0)

    @lib.function
    def f(x):
        return x * small + lib.reduce_sum(large) + v * v

    concrete = f.get_concrete_function(spec(lib, (2,)))
    outside = concrete.captured_inputs
    assert outside[0] is small and outside[1] is large and outside[2] is v.handle
    assert len(outside) == 3 and len(concrete.graph.inputs) == 4
    assert value(concrete(lib.constant([1.0, 1.0]))) == [210.0, 211.0]


def test_captured_variable_is_read_at_every_call(lib):
    v = lib.Variable(1.0)
    f = lib.function(lambda: v * 10.0)
    first = value(f())
    v.assign(2.0)
    assert (first, value(f()), traces(f)) == (10.0, 20.0, 1)


def test_nested_function_is_one_call_in_the_outer_graph(lib):
    v = lib.Variable(2.0)
    pure = lib.function(lambda x: x * 3.0)
    reads = lib.function(lambda x: pure(x) + v)

    concrete = reads.get_concrete_function(spec(lib))
    assert types(concrete)["PartitionedCall"] == 1 and types(concrete)["Mul"] == 0
    outer = lib.function(lambda x: reads(x) * x)
    concrete = outer.get_concrete_function(spec(lib))
    assert types(concrete)["StatefulPartitionedCall"] == 1
    assert len(concrete.captured_inputs) == 1  # the inner capture is handed through
    assert value(outer(lib.constant(5.0))) == 85.0
    assert (traces(pure), traces(reads), traces(outer)) == (1, 1, 1)


# Order


def test_effects_on_a_variable_keep_the_order_of_the_program(lib):
    v, w = lib.Variable(1.0), lib.Variable(1.0)

    @lib.function
    def f():
        first = v.read_value()
        v.assign_add(1.0)
        second = v.read_value()
        w.assign(5.0)
        v.assign(10.0)
        return first, second, v.read_value()

    concrete = f.get_concrete_function()
    effects = [op for op in nodes(concrete) if op.type.endswith("VariableOp")]
    number = {op.name: i for i, op in enumerate(effects)}
    before = [sorted(number[c.name] for c in op.control_inputs) for op in effects]
    assert [op.type for op in effects] == [
        "ReadVariableOp",
        "AssignAddVariableOp",
        "ReadVariableOp",
        "AssignVariableOp",
        "AssignVariableOp",
        "ReadVariableOp",
    ]
    assert before == [[], [0], [1], [], [1, 2], [4]]
    assert [value(x) for x in f()] == [1.0, 2.0, 10.0]
    assert w.numpy() == 5.0


def test_call_waits_for_the_effects_that_it_could_see(lib):
    v, w = lib.Variable(1.0), lib.Variable(1.0)
    read = lib.function(lambda: v * 1.0)
    other = lib.function(lambda: w * 1.0)

    @lib.function
    def write():
        v.assign_add(1.0)

    @lib.function
    def f():
        return read(), other(), write(), read()

    calls = [op for op in nodes(f.get_concrete_function()) if "Call" in op.type]
    number = {op.name: i for i, op in enumerate(calls)}
    before = [sorted(number[c.name] for c in op.control_inputs) for op in calls]
    assert before == [[], [], [0], [2]]
    first, _, _, last = f()
    assert (value(first), value(last)) == (1.0, 2.0)


def test_effects_happen_in_order_however_the_executor_chooses():
    v = mt.Variable(1.0)

    @mt.function
    def f(x):
        for _ in range(4):
            v.assign(v * 2.0 + x)
        v.assign_add(1.0)
        return v.read_value() * x

    concrete = f.get_concrete_function(mt.TensorSpec(()))
    handle = v.handle.numpy()
    results = set()
    for seed in range(30):
        v.assign(1.0)
        choose = random.Random(seed).randrange
        (result,) = concrete.graph.run([np.float32(3.0), handle], choose)
        results.add((float(result), float(v.numpy())))
    v.assign(1.0)
    w = tf.Variable(1.0)
    for _ in range(4):
        w.assign(w * 2.0 + 3.0)
    w.assign_add(1.0)
    assert results == {(float(w) * 3.0, float(w))}
    for op in concrete.graph.ops:
        op.control_inputs.clear()  # and without them it does matter
    for seed in range(30):
        v.assign(1.0)
        choose = random.Random(seed).randrange
        (result,) = concrete.graph.run([np.float32(3.0), handle], choose)
        results.add((float(result), float(v.numpy())))
    assert len(results) > 1


def test_pure_op_that_nobody_needs_is_in_the_graph_and_does_not_run():
    calls = []
    mt.register_op("MyNoisy", "x: T -> y: T", lambda shapes, attrs, values: shapes)
    mt.register_kernel("MyNoisy")(lambda x: calls.append(1) or x)
    f = mt.function(lambda x: (mt.op("MyNoisy", x), x * 2.0)[1])
    concrete = f.get_concrete_function(mt.TensorSpec(()))
    assert value(f(mt.constant(2.0))) == 4.0
    assert types(concrete)["MyNoisy"] == 1 and calls == []
    assert not any(is_stateful(op) for op in concrete.graph.ops)


# How many traces?


@dataclasses.dataclass(frozen=True)
class Equal:
    number: int


class Plain:
    def __init__(self, number):
        self.number = number


def number_of_traces(lib, arguments, **options) -> int:
    @lib.function(**options)
    def f(x):
        return lib.constant(1.0)

    for argument in arguments:
        f(argument)
    return traces(f)


A, B = Plain(1), Plain(1)
SEQUENCES = {
    "tensors of one shape": (lambda lib: [lib.constant(1.0), lib.constant(2.0)], 1),
    "two dtypes": (lambda lib: [lib.constant(1.0), lib.constant(1)], 2),
    "five lengths": (lambda lib: [lib.constant([0.0] * n) for n in range(1, 6)], 5),
    "two ranks": (lambda lib: [lib.constant(1.0), lib.constant([1.0])], 2),
    "arrays and tensors": (lambda lib: [np.float32([1]), lib.constant([1.0])], 1),
    "equal numbers": (lambda lib: [1, 1], 1),
    "five numbers": (lambda lib: [1, 2, 3, 4, 5], 5),
    "one in three types": (lambda lib: [1, 1.0, True], 1),
    "nan": (lambda lib: [float("inf"), float("inf")], 1),
    "texts and None": (lambda lib: ["a", "b", None, None], 3),
    "lists": (lambda lib: [[1, 2], [1, 3], (1, 2), {"a": 1}], 4),
    "lists of tensors": (lambda lib: [[lib.constant(1.0)], [lib.constant(2.0)]], 1),
    "the same object": (lambda lib: [A, A], 1),
    "two objects": (lambda lib: [A, B], 2),
    "equal objects": (lambda lib: [Equal(1), Equal(2)], 2),
    "variables": (lambda lib: [lib.Variable(1.0), lib.Variable(2.0)], 1),
    "a variable and its value": (lambda lib: [lib.Variable(1.0), lib.constant(1.0)], 2),
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_number_of_traces(lib, name):
    arguments, expected = SEQUENCES[name]
    assert number_of_traces(lib, arguments(lib)) == expected


def test_equal_objects_share_a_trace_while_the_first_is_alive(lib):
    first, second = Equal(7), Equal(7)
    assert number_of_traces(lib, [first, second]) == 1
    assert number_of_traces(lib, (Equal(n) for n in (7, 7))) == 2


def test_trace_of_an_object_that_is_gone_is_never_used_again(lib):
    assert number_of_traces(lib, (Plain(1) for _ in range(3))) == 3


def test_trace_does_not_keep_its_argument_alive(lib):
    argument = Plain(1)
    f = lib.function(lambda x: lib.constant(1.0))
    f(argument)
    probe = weakref.ref(argument)
    del argument
    gc.collect()
    assert probe() is None


def test_argument_without_a_hash_is_refused(lib):
    with pytest.raises(TypeError, match="hashable"):
        number_of_traces(lib, [bytearray(b"ab")])


def test_same_variable_twice_is_another_type(lib):
    @lib.function
    def f(a, b):
        a.assign_add(1.0)
        return a + b

    v, w = lib.Variable(1.0), lib.Variable(10.0)
    assert value(f(v, w)) == 12.0
    assert value(f(w, v)) == 13.0 and traces(f) == 1
    assert value(f(v, v)) == 6.0 and traces(f) == 2


# The lattice


def test_specs_form_a_lattice(lib):
    def above(*shapes):
        first, *others = (spec(lib, shape) for shape in shapes)
        result = first.most_specific_common_supertype(others)
        shape = result.shape
        if lib is tf:
            return None if shape.rank is None else tuple(shape)
        return shape

    assert above((2, 3), (5, 3)) == (None, 3)
    assert above((2, 3), (2, 3)) == (2, 3)
    assert above((2, 3), (None, 3), (2, 4)) == (None, None)
    assert above((2, 3), (2,)) is None
    other = spec(lib, (2, 3), "int32")
    assert spec(lib, (2, 3)).most_specific_common_supertype([other]) is None
    assert spec(lib, (2, 3)).is_subtype_of(spec(lib, (None, 3)))
    assert spec(lib, (None, 3)).is_subtype_of(spec(lib, None))
    assert not spec(lib, (None, 3)).is_subtype_of(spec(lib, (2, 3)))
    assert not spec(lib, (2, 3)).is_subtype_of(other)


def test_reduce_retracing_traces_the_supertype_from_the_second_shape_on(lib):
    lengths = [lib.constant([0.0] * n) for n in range(1, 6)]
    assert number_of_traces(lib, lengths, reduce_retracing=True) == 2


def test_reduce_retracing_does_not_generalize_python_numbers(lib):
    assert number_of_traces(lib, [1, 2, 3], reduce_retracing=True) == 3


def test_narrowest_trace_serves_a_call(lib):
    seen = []

    @lib.function
    def f(x):
        seen.append(None if x.shape is None else tuple(x.shape))
        return x * len(seen)

    f.get_concrete_function(spec(lib, (None, 3)))
    f.get_concrete_function(spec(lib, (None, None)))
    f.get_concrete_function(spec(lib, (5, None)))  # served by the one before
    ones = [lib.constant(np.ones(shape, np.float32)) for shape in [(2, 3), (2, 2)]]
    assert [np.asarray(f(x)).flat[0] for x in ones] == [1.0, 2.0]
    assert seen == [(None, 3), (None, None)] and traces(f) == 2


def test_input_signature_allows_one_trace_and_converts(lib):
    @lib.function(input_signature=[spec(lib, (None,))])
    def f(x):
        return lib.reduce_sum(x)

    assert value(f([1.0, 2.0])) == 3.0 and value(f(np.float32([4.0]))) == 4.0
    assert traces(f) == 1
    with pytest.raises(TypeError):
        f(lib.constant([[1.0]]))
    with pytest.raises((TypeError, ValueError)):
        f(lib.constant([1]))


def test_class_can_say_what_a_trace_depends_on(lib):
    literal = tf.types.experimental.TraceType if lib is tf else object

    class ByNumber(literal):
        def __init__(self, config):
            self.config = config

        def is_subtype_of(self, other):
            return self == other

        def most_specific_common_supertype(self, others):
            return self if all(self == other for other in others) else None

        def placeholder_value(self, context):
            return self.config

        def cast(self, value, context):
            return value

        def to_tensors(self, value):
            return []

        def flatten(self):
            return []

        def __eq__(self, other):
            return isinstance(other, ByNumber) and (
                self.config.number == other.config.number
            )

        def __hash__(self):
            return hash(self.config.number)

    class Config(Plain):
        def __tf_tracing_type__(self, context):
            return ByNumber(self)

    assert number_of_traces(lib, (Config(n) for n in (1, 1, 1, 2))) == 2


def test_concrete_function_checks_shapes_as_tensorflows_does_not():
    def columns(lib):
        f = lib.function(lambda x: x * 0.0 + x.shape[1])
        concrete = f.get_concrete_function(spec(lib, (None, 3)))
        assert value(concrete(lib.constant([[1.0, 2.0, 3.0]]))) == [[3.0, 3.0, 3.0]]
        return concrete(lib.constant([[1.0, 2.0]]))

    assert value(columns(tf)) == [[3.0, 3.0]]
    with pytest.raises(TypeError, match="expected a tensor of"):
        columns(mt)


def test_method_has_traces_for_each_instance(lib):
    class Layer:
        @lib.function
        def call(self, x):
            return x * self.scale

    two, three = Layer(), Layer()
    two.scale, three.scale = 2.0, 3.0
    x = lib.constant(1.0)
    assert [value(layer.call(x)) for layer in (two, three, two)] == [2.0, 3.0, 2.0]
    assert traces(two.call) == traces(three.call) == 1
    probe = weakref.ref(two)
    del two
    gc.collect()
    assert probe() is None


# Variables


def test_function_that_creates_a_variable_is_traced_twice(lib):
    log = []

    class Counter:
        step = None

        @lib.function
        def call(self, x):
            log.append("traced")
            if self.step is None:
                self.step = lib.Variable(5.0)
            return self.step.assign_add(x)

    counter = Counter()
    results = [value(counter.call(lib.constant(1.0))) for _ in range(3)]
    assert results == [6.0, 7.0, 8.0]
    assert log == ["traced"] * 2 and traces(counter.call) == 2


def test_function_that_creates_a_variable_at_every_call_is_refused(lib):
    f = lib.function(lambda x: lib.Variable(1.0) + x)
    with pytest.raises(ValueError, match="only supports"):
        f(lib.constant(1.0))


def test_first_value_of_a_variable_may_come_from_outside(lib):
    table, made = lib.constant(np.full((200,), 2.0, np.float32)), []

    @lib.function
    def f():
        if not made:
            made.append(lib.Variable(lib.reduce_sum(table) + 1.0))
        return made[0] * 1.0

    assert value(f()) == 401.0


def test_first_value_of_a_variable_may_not_come_from_an_argument():
    made = []

    @mt.function
    def f(x):
        if not made:
            made.append(mt.Variable(x))
        return made[0] * 1.0

    with pytest.raises(ValueError, match="does not depend on the arguments"):
        f(mt.constant(1.0))


# The tape


def gradient(lib, function, x, *sources):
    with lib.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    gradients = tape.gradient(y, [x, *sources])
    return [None if g is None else np.asarray(g) for g in gradients]


def network(lib, weights, bias):
    def f(x):
        hidden = lib.tanh(lib.matmul(x, weights) + bias)
        centered = hidden - lib.reduce_mean(hidden, 0)
        return lib.reduce_sum(lib.nn.softmax(centered) ** 2.0)

    return f


def test_tape_differentiates_a_call(lib):
    random_numbers = np.random.default_rng(0)
    x = lib.constant(random_numbers.normal(size=(4, 3)).astype(np.float32))
    weights = lib.Variable(random_numbers.normal(size=(3, 2)).astype(np.float32))
    bias = lib.Variable(np.float32([0.1, -0.2]))
    plain = network(lib, weights, bias)
    expected = gradient(lib, plain, x, weights, bias)
    traced = lib.function(plain)
    for actual in (gradient(lib, traced, x, weights, bias) for _ in range(2)):
        for ours, theirs in zip(actual, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
    assert traces(traced) == 1


def test_tape_inside_a_function(lib):
    v = lib.Variable(3.0)

    @lib.function
    def f(x):
        with lib.GradientTape() as tape:
            tape.watch(x)
            y = x * x * v
        return tape.gradient(y, [x, v])

    assert [value(g) for g in f(lib.constant(2.0))] == [12.0, 4.0]


def test_tape_around_a_function_that_calls_a_function(lib):
    v = lib.Variable(3.0)
    inner = lib.function(lambda x: lib.sin(x) * v)
    outer = lib.function(lambda x: inner(x * x) * inner(x))
    x = lib.constant(0.5)
    eager = gradient(lib, lambda x: lib.sin(x * x) * v * (lib.sin(x) * v), x, v)
    np.testing.assert_allclose(gradient(lib, outer, x, v), eager, rtol=1e-5)


def test_tape_inside_a_function_around_a_function(lib):
    inner = lib.function(lambda x: lib.exp(x) * x)

    @lib.function
    def f(x):
        with lib.GradientTape() as tape:
            tape.watch(x)
            y = inner(x)
        return tape.gradient(y, x)

    np.testing.assert_allclose(value(f(lib.constant(1.0))), 2 * np.e, rtol=1e-6)


@pytest.mark.parametrize("persistent", [False, True])
def test_second_derivative_through_a_call(lib, persistent):
    f = lib.function(lambda x: lib.exp(x * x) * lib.sin(x))
    x = lib.constant(0.5)
    with lib.GradientTape(persistent=persistent) as outer:
        outer.watch(x)
        with lib.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        first = inner.gradient(y, x)
    second = outer.gradient(first, x)
    e, s, c = np.exp(0.25), np.sin(0.5), np.cos(0.5)
    np.testing.assert_allclose(value(first), e * (s + c), rtol=1e-5)
    np.testing.assert_allclose(value(second), e * (2 * c + 2 * s), rtol=1e-5)


def test_second_derivative_with_respect_to_a_capture(lib):
    factor = lib.constant(3.0)
    f = lib.function(lambda x: x * x * factor)
    x = lib.constant(2.0)
    with lib.GradientTape() as outer:
        outer.watch(factor)
        with lib.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        slope = inner.gradient(y, x)
    assert value(outer.gradient(slope, factor)) == 4.0


def test_gradient_of_unused_and_of_whole_arguments_is_none(lib):
    f = lib.function(lambda x, y, n: x * 2.0)
    x, y, n = lib.constant(1.0), lib.constant(1.0), lib.constant(1)
    with lib.GradientTape() as tape:
        tape.watch([x, y])
        z = f(x, y, n)
    gradients = tape.gradient(z, [x, y, n])
    assert [None if g is None else value(g) for g in gradients] == [2.0, None, None]


def test_gradients_of_a_batch_of_unknown_size(lib):
    weights = lib.Variable(np.float32([[1.0], [2.0]]))
    bias = lib.Variable(np.float32([0.5]))

    @lib.function(input_signature=[spec(lib, (None, 2))])
    def slope(x):
        with lib.GradientTape() as tape:
            loss = lib.reduce_mean(lib.square(lib.matmul(x, weights) + bias))
        return tape.gradient(loss, [weights, bias])

    def eager(x):
        with tf.GradientTape() as tape:
            w, b = tf.Variable(weights.numpy()), tf.Variable(bias.numpy())
            loss = tf.reduce_mean(tf.square(x @ w + b))
        return tape.gradient(loss, [w, b])

    for rows in (1, 4):
        x = np.random.default_rng(rows).normal(size=(rows, 2)).astype(np.float32)
        for ours, theirs in zip(slope(lib.constant(x)), eager(x), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_one_record_stands_for_a_call():
    f = mt.function(lambda x: mt.exp(mt.sin(x)) * x)
    x = mt.constant(1.0)
    with mt.GradientTape() as tape:
        tape.watch(x)
        f(x)
    assert len(tape.records) == 1


def test_ops_of_a_trace_are_no_records_of_a_tape_outside():
    v = mt.Variable(2.0)
    f = mt.function(lambda: v * v)
    with mt.GradientTape() as tape:
        y = f()
        f.get_concrete_function()
    assert len(tape.records) == 1 and value(tape.gradient(y, v)) == 4.0


def test_training_step_in_a_function_equals_tensorflows():
    def train(lib):
        random_numbers = np.random.default_rng(0)
        x, y = random_numbers.normal(size=(2, 8, 3)).astype(np.float32)
        w1 = lib.Variable(random_numbers.normal(size=(3, 4)).astype(np.float32))
        w2 = lib.Variable(random_numbers.normal(size=(4, 3)).astype(np.float32))

        @lib.function
        def step(x, y):
            with lib.GradientTape() as tape:
                hidden = lib.nn.relu(lib.matmul(x, w1))
                loss = lib.reduce_mean(lib.square(lib.matmul(hidden, w2) - y))
            for v, g in zip([w1, w2], tape.gradient(loss, [w1, w2]), strict=True):
                v.assign_sub(0.1 * g)
            return loss

        losses = [value(step(lib.constant(x), lib.constant(y))) for _ in range(20)]
        assert traces(step) == 1
        return losses, w1.numpy(), w2.numpy()

    for theirs, ours in zip(train(tf), train(mt), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_first_trace_without_variables_ends_the_right_to_make_some(lib):
    made = []

    def scale(x, make):
        if make and not made:
            made.append(lib.Variable(3.0))
        return made[0] * x if make else x

    function = lib.function(scale)
    function(lib.constant(1.0), False)
    with pytest.raises(ValueError, match=r"non-first call|no new one here"):
        function(lib.constant(1.0), True)


def test_numbers_of_numpy_share_a_trace(lib):
    function = lib.function(lambda x: x)
    assert [float(function(np.float32(x))) for x in (1, 2)] == [1.0, 2.0]
    assert function.experimental_get_tracing_count() == 1


@pytest.mark.parametrize("inside", [False, True], ids=["around", "inside"])
def test_a_gradient_of_ones_own_survives_the_trace(lib, inside):
    @lib.custom_gradient
    def flat(x, y):
        return x * y, lambda upstream: (100.0 * upstream, y * upstream)

    def body(x, y):
        return 2.0 * flat(x, y)

    def slopes(x, y, call):
        with lib.GradientTape() as tape:
            tape.watch([x, y])
            z = call(x, y)
        return tape.gradient(z, [x, y])

    x, y = lib.constant(3.0), lib.constant(5.0)
    if inside:
        found = lib.function(lambda x, y: slopes(x, y, body))(x, y)
    else:
        found = slopes(x, y, lib.function(body))
    assert [float(slope) for slope in found] == [200.0, 10.0]


def test_reduce_retracing_keeps_lists_of_different_lengths_apart(lib):
    @lib.function(reduce_retracing=True)
    def total(values):
        return sum(values[1:], start=values[0])

    assert total([lib.constant(1.0), lib.constant(2.0)]).numpy() == 3.0
    assert total([lib.constant(1.0)]).numpy() == 1.0
    assert total.experimental_get_tracing_count() == 2
