"""The graph optimizer of the miniature against Grappler, on the same programs."""

import random
from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from insidetf import compiled
from microtf import fusion, grappler
from microtf.concrete_function import ConcreteFunction
from microtf.rewriting import rebuild


def trace(body, *shapes):
    """Trace for the miniature."""
    function = mt.function(body)
    return function.get_concrete_function(*[mt.TensorSpec(shape) for shape in shapes])


def optimized_types(lib, body, *shapes) -> Counter:
    """Count the ops that are left, arguments and copies of results aside."""
    if lib is tf:
        arguments = [tf.ones(shape) for shape in shapes]
        _, graph = compiled.graphs(tf.function(body, autograph=False), *arguments)
        types = [op.type for op in graph.get_operations()]
    else:
        types = [op.type for op in grappler.optimize(trace(body, *shapes).graph).ops]
    return Counter(
        t for t in types if t not in ("_Arg", "_Retval", "Placeholder", "Identity")
    )


@pytest.fixture(params=[tf, mt], ids=["tensorflow", "microtf"])
def lib(request):
    """TensorFlow first, the miniature second, under the same assert."""
    return request.param


PROGRAMS = {
    "x + 0": (lambda lib, x: x + 0.0, {}),
    "0 + x": (lambda lib, x: 0.0 + x, {}),
    "x - 0": (lambda lib, x: x - 0.0, {}),
    "x * 1": (lambda lib, x: x * 1.0, {}),
    "x / 1": (lambda lib, x: x / 1.0, {}),
    "x * 0 may be nan": (lambda lib, x: x * 0.0, {"Const": 1, "Mul": 1}),
    "x - x may be nan": (lambda lib, x: x - x, {"Sub": 1}),
    "x ** 2": (lambda lib, x: x**2, {"Square": 1}),
    "x * x": (lambda lib, x: lib.tanh(x) * lib.tanh(x), None),
    "negated twice": (lambda lib, x: lib.negative(lib.negative(x)), {}),
    "transposed twice": (lambda lib, x: lib.transpose(lib.transpose(x)), {}),
    "transposed factor": (lambda lib, x: lib.transpose(x) @ x, {"MatMul": 1}),
    "reshaped twice": (
        lambda lib, x: lib.reshape(lib.reshape(x, [-1]), [2, 8]),
        {"Const": 1, "Reshape": 1},
    ),
    "and back": (lambda lib, x: lib.reshape(lib.reshape(x, [-1]), [4, 4]), {}),
    "folded": (
        lambda lib, x: x * (lib.constant(2.0) * lib.constant(3.0)),
        {"Const": 1, "Mul": 1},
    ),
    "merged": (
        lambda lib, x: lib.sin(lib.exp(x)) + lib.cos(lib.exp(x)),
        {"Exp": 1, "Sin": 1, "Cos": 1, "AddV2": 1},
    ),
    "dead": (lambda lib, x: (lib.exp(x), lib.sin(x))[1], {"Sin": 1}),
    "product and bias": (lambda lib, x: lib.nn.bias_add(x @ x, 1.0 * BIAS), None),
}
BIAS = np.float32([1, 2, 3, 4])


@pytest.mark.parametrize("name", [n for n, (_, left) in PROGRAMS.items() if left == {}])
def test_what_changes_nothing_disappears(lib, name):
    body, _ = PROGRAMS[name]
    assert optimized_types(lib, lambda x: body(lib, x), [4, 4]) == {}


@pytest.mark.parametrize("name", [n for n, (_, left) in PROGRAMS.items() if left])
def test_as_many_ops_of_each_type_are_left(lib, name):
    body, left = PROGRAMS[name]
    assert optimized_types(lib, lambda x: body(lib, x), [4, 4]) == left


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_optimized_program_computes_what_it_computed(lib, name):
    body, _ = PROGRAMS[name]
    x = np.random.default_rng(0).normal(size=(4, 4)).astype("float32")
    expected = body(lib, lib.constant(x)).numpy()
    if lib is tf:
        result = tf.function(lambda x: body(tf, x), autograph=False)(x)
    else:
        graph = grappler.optimize(trace(lambda x: body(mt, x), [4, 4]).graph)
        (result,) = graph.run([x])
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)


# Dead code and effects


def test_effects_survive_in_their_order(lib):
    total = lib.Variable(0.0)

    def body(x):
        before = total + 0.0
        total.assign_add(lib.reduce_sum(x))
        total.assign(total * 2.0)
        return before

    left = optimized_types(lib, body, [3])
    assert left["AssignAddVariableOp"] == left["AssignVariableOp"] == 1
    if lib is mt:
        concrete = trace(body, [3])
        graph = grappler.optimize(concrete.graph)
        handles = [handle.numpy() for handle in concrete.captured_inputs]
        for seed in range(20):
            total.assign(1.0)
            choose = random.Random(seed).randrange
            results = graph.run([np.float32([1, 2, 3]), *handles], choose)
            assert (float(results[0]), float(total)) == (1.0, 14.0)


def test_the_dead_backward_pass_of_a_frozen_layer_is_gone(lib):
    frozen, trained = lib.Variable(np.eye(3, dtype="f")), lib.Variable([[1.0]] * 3)

    def body(x):
        with lib.GradientTape() as tape:
            y = lib.reduce_sum((lib.tanh(x @ frozen) @ trained) ** 2)
        return tape.gradient(y, trained)

    traced = optimized_types(lib, body, [5, 3])
    assert traced["MatMul"] == 2 + 1
    if lib is mt:
        types = Counter(op.type for op in trace(body, [5, 3]).graph.ops)
        assert types["MatMul"] > 2 + 1


def test_calls_are_replaced_by_their_bodies(lib):
    inner = lib.function(lambda x: lib.exp(x))
    left = optimized_types(lib, lambda x: inner(x) + inner(x), [2])
    assert left["PartitionedCall"] == 0 and left["Exp"] == 1


def test_a_captured_constant_is_an_input_and_is_not_folded(lib):
    captured = lib.constant([1.0, 1.0])

    def body(x):
        return x * captured

    assert optimized_types(lib, body, [2])["Mul"] == 1
    if lib is mt:
        concrete = trace(body, [2])
        graph = grappler.optimize(concrete.graph)
        result = graph.run([np.float32([1, 2]), np.float32([3, 3])])[0]
        assert result.tolist() == [3.0, 6.0]


def test_a_pass_leaves_the_graph_that_it_was_given():
    graph = trace(lambda x: (x + 0.0) * 1.0, [2]).graph
    before = graph.as_dict()
    grappler.optimize(graph)
    assert graph.as_dict() == before


def test_an_optimized_graph_is_still_that_of_a_function():
    scale = mt.Variable(3.0)
    concrete = trace(lambda x: (x * scale + 0.0) * 1.0, [2])
    better = ConcreteFunction(grappler.optimize(concrete.graph), concrete.function_type)
    x = mt.constant([1.0, 2.0])
    assert better(x).numpy().tolist() == concrete(x).numpy().tolist() == [3.0, 6.0]
    with mt.GradientTape() as tape:
        y = mt.reduce_sum(better(x))
    assert float(tape.gradient(y, scale)) == 3.0


# Fusion


def dense(lib, activation):
    return lambda x, w, b: activation(lib.nn.bias_add(x @ w, b))


def test_a_dense_layer_becomes_one_op(lib):
    left = optimized_types(lib, dense(lib, lib.nn.relu), [5, 3], [3, 2], [2])
    assert left == {"_FusedMatMul": 1}


def test_a_product_with_another_reader_is_not_fused(lib):
    def body(x, w, b):
        product = x @ w
        return lib.nn.bias_add(product, b) + lib.exp(product)

    left = optimized_types(lib, body, [5, 3], [3, 2], [2])
    assert left["MatMul"] == 1 and left["_FusedMatMul"] == 0


def test_fused_product_computes_what_its_parts_did():
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=s).astype("f") for s in ((5, 3), (3, 2), (2,)))
    concrete = trace(dense(mt, mt.nn.relu), [5, 3], [3, 2], [2])
    fused = tf.raw_ops._FusedMatMul if hasattr(tf.raw_ops, "_FusedMatMul") else None
    assert fused is None  # no program can ask TensorFlow for it
    expected = tf.nn.relu(x @ w + b)
    (result,) = grappler.optimize(concrete.graph).run([x, w, b])
    np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_elementwise_ops_become_one_fusion_in_both():
    def body(x):
        return tf.sin(x) * tf.cos(x) + x if lib is tf else mt.sin(x) * mt.cos(x) + x

    lib = tf
    hlo = tf.function(body, jit_compile=True).experimental_get_compiler_ir(
        tf.ones((100, 100))
    )(stage="optimized_hlo")
    assert hlo.count(" fusion(") == 1
    lib = mt
    graph = fusion.fuse(trace(body, [100, 100]).graph)
    assert [op.type for op in graph.ops] == ["Placeholder", "_Fusion", "Identity"]


def test_a_result_with_a_reader_outside_is_not_fused_away():
    def body(x):
        y = mt.sin(x)
        return mt.reduce_sum(y) + mt.cos(y)

    graph = fusion.fuse(trace(body, [4]).graph)
    x = np.float32([1, 2, 3, 4])
    assert Counter(op.type for op in graph.ops)["Sin"] == 1
    np.testing.assert_allclose(graph.run([x])[0], np.sin(x).sum() + np.cos(np.sin(x)))


@pytest.mark.parametrize("shape", [(), (1,), (7,), (200, 300)])
def test_fusion_broadcasts_and_runs_in_blocks(shape):
    def body(x, s):
        return mt.tanh(x * s + 1.0) * x

    graph = trace(body, shape, ()).graph
    x = np.random.default_rng(0).normal(size=shape).astype("f")
    feeds = [x, np.float32(0.5)]
    assert "_Fusion" in [op.type for op in fusion.fuse(graph).ops]
    np.testing.assert_allclose(fusion.fuse(graph).run(feeds)[0], graph.run(feeds)[0])


# Any program

UNARY = ["tanh", "sin", "cos", "negative", "square", "identity", "transpose", "exp"]
BINARY = ["add", "subtract", "multiply", "maximum", "matmul"]


def random_program(seed):
    """Return a function of a library and a matrix, the same ops for both."""
    rng = random.Random(seed)
    steps = []
    for _ in range(rng.randrange(4, 25)):
        steps.append((rng.choice(UNARY + BINARY), rng.random(), rng.random()))
    constants = [rng.choice([0.0, 1.0, 2.0, 0.5]) for _ in range(3)]
    outputs = [rng.random() for _ in range(2)]

    def body(lib, x):
        made = [x, *(lib.constant([[c] * 3] * 3) for c in constants)]
        for name, first, second in steps:
            arguments = [made[int(first * len(made))], made[int(second * len(made))]]
            function = getattr(lib, name)
            result = function(*arguments[: 1 if name in UNARY else 2])
            made.append(lib.tanh(result))  # keeps the numbers small
        return [made[int(place * len(made))] + 0.0 for place in outputs]

    return body


@pytest.mark.parametrize("seed", range(40))
def test_any_program_computes_the_same_after_every_pass(seed):
    body = random_program(seed)
    x = np.random.default_rng(seed).normal(size=(3, 3)).astype("float32")
    expected = body(tf, tf.constant(x))
    graph = trace(lambda x: body(mt, x), [3, 3]).graph
    for rewrite in [*grappler.PASSES, grappler.optimize, fusion.fuse]:
        graph = rewrite(graph)
        for result, number in zip(graph.run([x]), expected, strict=True):
            np.testing.assert_allclose(result, number, rtol=2e-4, atol=2e-5)


def test_optimizing_twice_changes_nothing_more():
    for seed in range(20):
        body = random_program(seed)
        once = grappler.optimize(trace(lambda x: body(mt, x), [3, 3]).graph)  # noqa: B023
        twice = grappler.optimize(once)
        assert [op.type for op in twice.ops] == [op.type for op in once.ops]


def test_a_rule_that_offers_nothing_makes_a_copy():
    graph = trace(lambda x: mt.exp(x) + 1.0, [2]).graph
    copied = rebuild(graph, lambda new, op, inputs: None)
    assert copied.as_dict() == graph.as_dict() and copied is not graph


# The looking glass


def test_graphs_come_before_and_after():
    before, after = compiled.graphs(tf.function(lambda x: x + 0.0), tf.ones(2))
    assert compiled.op_types(before)["AddV2"] == 1
    assert set(compiled.op_types(after)) == {"_Arg", "_Retval"}


def test_a_tape_around_a_call_compiles_two_graphs():
    x, f = tf.Variable(1.0), tf.function(lambda x: x * x, autograph=False)

    def program():
        with tf.GradientTape() as tape:
            y = f(x)
        tape.gradient(y, x)

    assert len(compiled.all_graphs(program)) == 2


@pytest.mark.parametrize("stage", ["hlo", "hlo_no_metadata", "optimized_hlo"])
def test_hlo_is_read_into_instructions_that_follow_their_operands(stage):
    function = tf.function(lambda x, w: tf.nn.relu(x @ w + 1.0), jit_compile=True)
    text = function.experimental_get_compiler_ir(tf.ones((5, 3)), tf.ones((3, 2)))
    for computation in compiled.read_hlo(text(stage=stage)).values():
        seen = []
        for op in computation.ops:
            assert all(result.op in seen for result in op.inputs)
            assert op.inputs or op.type in ("parameter", "constant")
            seen.append(op)
        assert [op.is_root for op in computation.ops].count(True) == 1


def test_cleaned_hlo_keeps_results_and_drops_layouts():
    function = tf.function(lambda x: tf.nn.relu(x), jit_compile=True)
    text = compiled.hlo(function, tf.ones((5, 3)), stage="hlo")
    assert "metadata" not in text and "{1,0}" not in text
    assert "f32[5,3] maximum(%" in text


def test_bodies_of_ops_without_effects_are_optimized_as_well():
    """Held by the miniature alone: Grappler has other names for the ops."""
    total = mt.Variable(0.0)

    def pure(x):
        return mt.cond(
            x > 0.0, lambda: x * 1.0 + 0.0, lambda: mt.negative(mt.negative(x))
        )

    def counting(x):
        return mt.cond(
            x > 0.0,
            lambda: total.assign_add(x) * 1.0,
            lambda: mt.negative(mt.negative(x)),
        )

    sizes = []
    for body in (pure, counting):
        ops = grappler.optimize(trace(body, []).graph).ops
        (op,) = [op for op in ops if op.type in ("StatelessIf", "If")]
        branches = op.attrs["then_branch"], op.attrs["else_branch"]
        sizes.append([len(branch.ops) for branch in branches])
    assert sizes[0] == [1, 1]  # the argument alone
    assert min(sizes[1]) > 1
