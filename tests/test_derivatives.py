"""Higher derivatives of the miniature against TensorFlow's: each test runs on both."""

import gc
import weakref
from contextlib import nullcontext

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.eager import forwardprop

import microtf as mt
from insidetf import lens
from microtf import pfor
from microtf.op import add_listener


@pytest.fixture(params=[tf, mt], ids=["tensorflow", "microtf"])
def lib(request):
    """TensorFlow first, the miniature second, under the same assert."""
    return request.param


def as_list(gradient):
    return None if gradient is None else np.asarray(gradient).tolist()


_ran: list[str] = []
add_listener(lambda op_type, inputs, attrs, outputs: _ran.append(op_type))


def ops_of_miniature(program) -> list[str]:
    """Return the types of the ops that `program()` runs on the miniature."""
    before = len(_ran)
    program()
    return _ran[before:]


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


# Tapes in tapes


def second_derivative(lib, place, function=lambda x: x * x * x):
    x = lib.Variable(3.0)
    with lib.GradientTape(persistent=True) as outer:
        with lib.GradientTape(persistent=True) as inner:
            y = function(x)
            if place == "in both blocks":
                dy = inner.gradient(y, x)
        if place == "in the outer block":
            dy = inner.gradient(y, x)
    if place == "after both blocks":
        dy = inner.gradient(y, x)
    assert float(outer.gradient(y, x)) == float(dy)
    return as_list(outer.gradient(dy, x))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("in both blocks", 18.0),
        ("in the outer block", 18.0),
        ("after both blocks", None),
    ],
)
def test_outer_tape_must_listen_while_the_inner_one_is_asked(lib, place, expected):
    assert second_derivative(lib, place) == expected


def test_second_derivative_of_a_line_is_none_and_of_its_absolute_value_zero(lib):
    place = "in the outer block"
    assert second_derivative(lib, place, lambda x: x * 3.0) is None
    assert second_derivative(lib, place, lambda x: lib.abs(x * 3.0)) == 0.0


# Forward mode


PROGRAMS = {
    "product": lambda lib, x: lib.tanh(x) * x,
    "matmul": lambda lib, x: lib.matmul(lib.sin(x), lib.transpose(x)),
    "reduce": lambda lib, x: lib.reduce_max(x, axis=1) - lib.reduce_mean(x),
    "softmax": lambda lib, x: lib.nn.softmax(x),
    "gather": lambda lib, x: lib.gather(x, [1, 1, 0]),
    "columns": lambda lib, x: lib.gather(x, [2, 0], axis=1),
    "broadcast": lambda lib, x: lib.exp(x) / lib.reduce_sum(lib.exp(x), 1, True),
    "relu": lambda lib, x: lib.nn.relu(x) + lib.square(x),
    "stack": lambda lib, x: lib.stack([x, x * 2.0], axis=1),
    "unstack": lambda lib, x: lib.unstack(x)[1] * lib.unstack(x)[0],
    "cast": lambda lib, x: lib.cast(x * x, lib.float64),
    "where": lambda lib, x: lib.where(x > 0.0, x * x, -x),
    "reshape": lambda lib, x: lib.reshape(x, [3, 2]) * lib.constant([[1.0, 2.0]]),
    "bias": lambda lib, x: lib.nn.bias_add(x, lib.reduce_mean(x, axis=0)),
    "concat": lambda lib, x: lib.concat([x, x * x], axis=0),
    "power": lambda lib, x: lib.abs(x) ** 1.5,
    "sqrt": lambda lib, x: lib.sqrt(x * x + 1.0) * lib.sigmoid(x),
}
each_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


@each_program
def test_tangents_equal_tensorflows(program):
    x, t = random(2, 3), random(2, 3, seed=1)
    tangents = []
    for lib in (tf, mt):
        primal = lib.constant(x)
        with lib.autodiff.ForwardAccumulator(primal, lib.constant(t)) as accumulator:
            y = program(lib, primal)
        tangents.append(accumulator.jvp(y))
    np.testing.assert_allclose(tangents[1], tangents[0], rtol=2e-5, atol=1e-6)


@each_program
def test_tangent_is_the_jacobian_times_the_direction(program):
    x, t = mt.constant(random(2, 3)), mt.constant(random(2, 3, seed=1))
    with (
        mt.autodiff.ForwardAccumulator(x, t) as accumulator,
        mt.GradientTape() as tape,
    ):
        tape.watch(x)
        y = program(mt, x)
    jacobian = np.asarray(tape.jacobian(y, x)).reshape(-1, 6)
    tangent = np.ravel(accumulator.jvp(y))
    np.testing.assert_allclose(jacobian @ np.ravel(t), tangent, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize(
    "program",
    [
        lambda lib, x: lib.round(x),
        lambda lib, x: lib.cast(x, lib.int32),
        lambda lib, x: lib.constant(np.asarray(x)) * 2.0,
        lambda lib, x: lib.stop_gradient(x * x),
        lambda lib, x: lib.constant(1.0) * 2.0,
    ],
)
def test_tangent_ends_where_a_gradient_would(lib, program):
    x = lib.constant([1.5, 2.5])
    with lib.autodiff.ForwardAccumulator(x, lib.constant([1.0, 1.0])) as accumulator:
        y = program(lib, x)
    assert accumulator.jvp(y) is None
    assert not np.any(accumulator.jvp(y, unconnected_gradients="zero"))


def test_accumulator_ignores_what_ran_before_and_after_its_block(lib):
    x = lib.constant(2.0)
    before = x * x
    with lib.autodiff.ForwardAccumulator(x, lib.constant(1.0)) as accumulator:
        inside = before * x
    after = x * x
    assert float(accumulator.jvp(inside)) == 4.0
    assert accumulator.jvp(before) is None
    assert accumulator.jvp(after) is None


def test_variable_has_a_tangent_by_its_handle(lib):
    v = lib.Variable([1.0, 2.0])
    direction = lib.constant([1.0, 0.0])
    with lib.autodiff.ForwardAccumulator(v, direction) as accumulator:
        y = v * v
    assert as_list(accumulator.jvp(y)) == [2.0, 0.0]
    assert as_list(accumulator.jvp(v)) == [1.0, 0.0]


def test_accumulator_takes_several_primals_and_each_once(lib):
    a, b, one = lib.constant(2.0), lib.constant(5.0), lib.constant(1.0)
    with lib.autodiff.ForwardAccumulator([a, b], [one, 10.0 * one]) as accumulator:
        y = a * b
    assert float(accumulator.jvp([y])[0]) == 5.0 + 20.0
    with pytest.raises(ValueError):
        lib.autodiff.ForwardAccumulator([a, a], [one, one])


def test_accumulator_is_entered_once(lib):
    x = lib.constant(1.0)
    with (
        lib.autodiff.ForwardAccumulator(x, x) as accumulator,
        pytest.raises(ValueError, match="already recording"),
    ):
        accumulator.__enter__()


def test_tangent_is_gone_with_its_tensor(lib):
    x = lib.constant(random(3))
    with lib.autodiff.ForwardAccumulator(x, lib.ones_like(x)) as accumulator:
        y = lib.sin(x)
        tangent = weakref.ref(accumulator.jvp(y))
        gc.collect()
        assert tangent() is not None
        del y
        gc.collect()
        assert tangent() is None


def test_op_without_an_entry_in_the_registry_has_no_forward_mode_either(lib):
    x = lib.constant(random(1, 2, 2, 1))
    if lib is mt:
        mt.register_kernel("Unheard")(lambda a: a)
    with (
        pytest.raises(LookupError, match="no entry"),
        lib.autodiff.ForwardAccumulator(x, x),
    ):
        tf.image.adjust_contrast(x, 2.0) if lib is tf else mt.op("Unheard", x)


@pytest.mark.parametrize("method", ["bilinear", "bicubic"])
def test_resizing_has_no_second_derivative_and_no_tangent(method):
    x = tf.constant(random(1, 2, 2, 1))
    bicubic = method == "bicubic"
    refusal = pytest.raises(LookupError, match="Grad") if bicubic else nullcontext()
    with refusal, tf.autodiff.ForwardAccumulator(x, x) as accumulator:
        assert accumulator.jvp(tf.image.resize(x, (3, 3), method)) is None
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = tf.reduce_sum(tf.image.resize(x, (3, 3), method) ** 3)
        slope = inner.gradient(y, x)
    assert np.any(slope)  # a cubic is not straight, whatever the outer tape says
    with pytest.raises(LookupError, match="Grad") if bicubic else nullcontext():
        assert outer.gradient(slope, x) is None


def test_outer_accumulator_differentiates_the_inner_one_and_not_the_reverse(lib):
    x = lib.constant([1.0, 2.0])
    one = lib.ones_like(x)
    with lib.autodiff.ForwardAccumulator(x, one) as outer:
        with lib.autodiff.ForwardAccumulator(x, one) as inner:
            y = x * x * x
        slope = inner.jvp(y)
    assert as_list(outer.jvp(slope)) == [6.0, 12.0]
    assert inner.jvp(outer.jvp(y)) is None


def test_inner_tape_ignores_the_tangents_of_an_outer_accumulator(lib):
    x = lib.Variable(2.0)
    with (
        lib.autodiff.ForwardAccumulator(x, lib.constant(1.0)) as accumulator,
        lib.GradientTape() as tape,
    ):
        y = x * x * x
        slope = accumulator.jvp(y)
    assert float(slope) == 12.0
    assert tape.gradient(slope, x) is None


# Products with a Hessian


def forward_over_reverse(lib, loss, w, v):
    with lib.autodiff.ForwardAccumulator(w, v) as accumulator:
        with lib.GradientTape() as tape:
            y = loss(lib, w)
        gradient = tape.gradient(y, w)
    return accumulator.jvp(gradient)


def reverse_over_reverse(lib, loss, w, v):
    with lib.GradientTape() as outer:
        with lib.GradientTape() as inner:
            y = loss(lib, w)
        gradient = inner.gradient(y, w)
    return outer.gradient(gradient, w, output_gradients=v)


def reverse_over_forward(lib, loss, w, v):
    with lib.GradientTape() as tape:
        with lib.autodiff.ForwardAccumulator(w, v) as accumulator:
            y = loss(lib, w)
        slope = accumulator.jvp(y)
    return tape.gradient(slope, w)


WAYS = [forward_over_reverse, reverse_over_reverse, reverse_over_forward]


def some_loss(lib, w):
    h = lib.constant(random(4, 3, seed=2))
    for _ in range(2):
        h = lib.tanh(lib.matmul(h, w))
    return lib.reduce_mean(lib.math.softplus(lib.reduce_sum(h * h, axis=1)))


@pytest.mark.parametrize("way", WAYS)
def test_three_ways_to_a_product_with_the_hessian(lib, way):
    weights, direction = random(3, 3), random(3, 3, seed=1)
    w = tf.Variable(weights)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = some_loss(tf, w)
        gradient = inner.gradient(y, w)
    hessian = tf.reshape(outer.jacobian(gradient, w), [9, 9]).numpy()
    product = way(lib, some_loss, lib.Variable(weights), lib.constant(direction))
    expected = (hessian @ direction.ravel()).reshape(3, 3)
    np.testing.assert_allclose(product, expected, rtol=1e-4, atol=1e-5)


def slope_and_three_curvatures(lib, function, at=2.0):
    """Return a tangent, and the curvature by each of the ways around the function."""
    x, one = lib.constant(at), lib.constant(1.0)
    with lib.autodiff.ForwardAccumulator(x, one) as accumulator:
        with lib.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        slope = tape.gradient(y, x)
    by_accumulator = accumulator.jvp(slope)
    with lib.GradientTape() as tape:
        tape.watch(x)
        with lib.autodiff.ForwardAccumulator(x, one) as inner:
            y = function(x)
        slope = inner.jvp(y)
    by_tape = tape.gradient(slope, x)
    with lib.autodiff.ForwardAccumulator(x, one) as outer:
        with lib.autodiff.ForwardAccumulator(x, one) as inner:
            y = function(x)
        slope = inner.jvp(y)
    return slope, by_accumulator, by_tape, outer.jvp(slope)


def test_tape_around_an_accumulator_around_a_call_gets_none_in_tensorflow_alone(lib):
    traced = lib.function(lambda x: lib.sin(x) * x)
    slope, *curvatures = slope_and_three_curvatures(lib, traced)
    np.testing.assert_allclose(slope, np.sin(2.0) + 2 * np.cos(2.0), rtol=1e-5)
    if lib is tf:
        assert curvatures.pop(1) is None
    np.testing.assert_allclose(curvatures, 2 * np.cos(2.0) - 2 * np.sin(2.0), rtol=1e-5)


def test_accumulator_around_a_call_has_the_tangent_of_a_variable_inside(lib):
    w = lib.Variable(0.7)
    traced = lib.function(lambda x: lib.sin(x * w))
    with lib.autodiff.ForwardAccumulator(w, lib.constant(1.0)) as accumulator:
        y = traced(lib.constant(2.0))
    np.testing.assert_allclose(accumulator.jvp(y), 2 * np.cos(1.4), rtol=1e-5)


def test_gradient_asked_for_after_the_accumulators_block_has_no_tangent(lib):
    v = lib.Variable([1.0, 2.0])
    with (
        lib.autodiff.ForwardAccumulator(v, lib.constant([1.0, 0.0])) as accumulator,
        lib.GradientTape() as tape,
    ):
        y = lib.reduce_sum(v * v * v)
    assert accumulator.jvp(tape.gradient(y, v)) is None


# Jacobians


@each_program
@pytest.mark.parametrize("vectorized", [True, False], ids=["pfor", "loop"])
def test_jacobian_equals_tensorflows(program, vectorized):
    jacobians = []
    for lib in (tf, mt):
        x = lib.constant(random(2, 3))
        with lib.GradientTape(persistent=True) as tape:
            tape.watch(x)
            y = program(lib, x)
        options = {"experimental_use_pfor": vectorized} if lib is mt else {}
        jacobians.append(tape.jacobian(y, x, **options))
    assert jacobians[1].shape == tuple(jacobians[0].shape)
    np.testing.assert_allclose(jacobians[1], jacobians[0], rtol=2e-5, atol=1e-6)


def test_loop_needs_a_persistent_tape_and_pfor_does_not(lib):
    x = lib.Variable([1.0, 2.0])
    for use_pfor in (True, False):
        with lib.GradientTape() as tape:
            y = x * x
        if use_pfor:
            assert as_list(tape.jacobian(y, x)) == [[2.0, 0.0], [0.0, 4.0]]
        with pytest.raises(RuntimeError, match="persistent"):
            tape.jacobian(y, x, experimental_use_pfor=use_pfor)


def test_jacobian_of_what_is_not_connected_is_none(lib):
    v, w = lib.Variable([1.0, 2.0]), lib.Variable(3.0)
    with lib.GradientTape(persistent=True) as tape:
        y = v * v
    for use_pfor in (True, False):
        options = {"experimental_use_pfor": use_pfor}
        by_v, by_w = tape.jacobian(y, [v, w], **options)
        assert (as_list(by_v), by_w) == ([[2.0, 0.0], [0.0, 4.0]], None)
        zeros = tape.jacobian(y, w, unconnected_gradients="zero", **options)
        assert as_list(zeros) == [0.0, 0.0]


def test_jacobian_of_a_gradient_is_the_hessian(lib):
    x = lib.Variable([1.0, 2.0])
    with lib.GradientTape() as outer:
        with lib.GradientTape() as inner:
            y = lib.reduce_sum(x * x * x)
        gradient = inner.gradient(y, x)
    assert as_list(outer.jacobian(gradient, x)) == [[6.0, 0.0], [0.0, 12.0]]


def test_outer_tape_differentiates_a_jacobian(lib):
    x = lib.Variable([1.0, 2.0])
    with lib.GradientTape() as outer:
        with lib.GradientTape() as inner:
            y = x * x * x
        total = lib.reduce_sum(inner.jacobian(y, x))
    assert as_list(outer.gradient(total, x)) == [6.0, 12.0]


def test_pfor_runs_as_many_ops_for_many_rows_as_for_few():
    def jacobian(rows, use_pfor):
        x, w = mt.constant(random(rows, 3)), mt.Variable(random(3, 1))
        with mt.GradientTape(persistent=True) as tape:
            y = mt.tanh(mt.matmul(x, w))
        return ops_of_miniature(
            lambda: tape.jacobian(y, w, experimental_use_pfor=use_pfor)
        )

    assert jacobian(4, True) == jacobian(40, True)
    assert jacobian(4, True).count("BatchMatMulV2") == 1
    assert jacobian(40, False).count("MatMul") == 40


def test_pfor_computes_once_what_no_row_depends_on():
    shared = mt.constant(3.0)
    ran = ops_of_miniature(
        lambda: pfor.pfor(lambda x: [mt.exp(shared) * x], mt.constant([1.0, 2.0]))
    )
    assert ran.count("Exp") == 1
    assert ran.count("Mul") == 2  # in the body, and for all rows


def test_pfor_runs_an_op_without_converter_row_by_row():
    x = random(5, 4)
    body = lambda row: [mt.op("LogSoftmax", row)]
    ran = ops_of_miniature(lambda: pfor.pfor(body, mt.constant(x)))
    assert ran.count("LogSoftmax") == 1 + 5
    (result,) = pfor.pfor(body, mt.constant(x))
    np.testing.assert_allclose(result, tf.nn.log_softmax(x), rtol=1e-5)


def test_pfor_gives_every_row_a_result_that_depends_on_none():
    (result,) = pfor.pfor(lambda row: [mt.constant([7.0, 8.0])], mt.constant([1.0] * 3))
    assert as_list(result) == [[7.0, 8.0]] * 3


@pytest.mark.parametrize(
    "body",
    [
        lambda lib, row, fixed: lib.reduce_sum(row) + fixed,
        lambda lib, row, fixed: lib.matmul(fixed, lib.reshape(row, [3, 1])),
        lambda lib, row, fixed: lib.matmul(
            lib.reshape(row, [1, 3]), fixed, transpose_b=True
        ),
        lambda lib, row, fixed: lib.reduce_mean(row * fixed, axis=-1),
        lambda lib, row, fixed: lib.transpose(row * fixed) + lib.reduce_max(row),
        lambda lib, row, fixed: lib.where(row > 0.0, fixed, row),
        lambda lib, row, fixed: lib.concat([lib.reshape(row, [1, 3]), fixed], axis=0),
    ],
)
def test_pfor_equals_vectorized_map(body):
    rows, fixed = random(4, 3), random(2, 3, seed=1)
    expected = tf.vectorized_map(lambda r: body(tf, r, tf.constant(fixed)), rows)
    (result,) = pfor.pfor(
        lambda row: [body(mt, row, mt.constant(fixed))], mt.constant(rows)
    )
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)


# Formulas that are right, and numbers that are


def naive_log1pexp(lib, x):
    return lib.math.log(1.0 + lib.exp(x))


def log1pexp_of_the_documentation(lib, x):
    @lib.custom_gradient
    def log1pexp(x):
        e = lib.exp(x)
        return lib.math.log(1.0 + e), lambda upstream: upstream * (1 - 1 / (1 + e))

    return log1pexp(x)


def safe_log1pexp(lib, x):
    @lib.custom_gradient
    def log1pexp(x):
        y = lib.maximum(x, 0.0) + lib.math.log1p(lib.exp(-lib.abs(x)))
        return y, lambda upstream: upstream * lib.sigmoid(x)

    return log1pexp(x)


@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
@pytest.mark.parametrize(
    ("function", "finite"),
    [
        (naive_log1pexp, [False, False, False]),
        (log1pexp_of_the_documentation, [False, True, False]),
        (safe_log1pexp, [True, True, True]),
        (lambda lib, x: lib.math.softplus(x), [True, True, True]),
    ],
)
def test_value_slope_and_curvature_at_a_large_number(lib, function, finite):
    x = lib.Variable(100.0)
    with lib.GradientTape() as outer:
        with lib.GradientTape() as inner:
            y = function(lib, x)
        slope = inner.gradient(y, x)
    results = [y, slope, outer.gradient(slope, x)]
    assert [bool(np.isfinite(np.asarray(r))) for r in results] == finite


# Gradients that are no tensors


def sparse(lib, gradient):
    return isinstance(gradient, lib.IndexedSlices)


@pytest.mark.parametrize(
    ("program", "indices"),
    [
        (lambda lib, t: lib.gather(t, [3, 0, 0]), [3, 0, 0]),
        (lambda lib, t: lib.gather(t, [[3], [1]]), [3, 1]),
        (lambda lib, t: lib.gather(lib.identity(t), [3]), [3]),
        (lambda lib, t: lib.gather(t, [3, 0]) + lib.gather(t, [1, 3]), [3, 0, 1, 3]),
        (lambda lib, t: lib.gather(lib.gather(t, [3, 3, 0]), [0, 0]), [3, 3, 0]),
        (lambda lib, t: lib.gather(t, [1], axis=1), None),
        (lambda lib, t: lib.gather(2.0 * t, [3]), None),
        (lambda lib, t: lib.gather(-t, [3]), [3]),
        (lambda lib, t: lib.gather(t, [3, 0]) + lib.reduce_sum(t * t), None),
        (lambda lib, t: lib.gather(lib.reshape(t, [15]), [3]), None),
        (lambda lib, t: lib.gather(lib.transpose(t), [1]), None),
    ],
)
def test_gradient_stays_sparse_until_an_op_needs_the_whole_tensor(
    lib, program, indices
):
    table = lib.Variable(random(5, 3))
    with lib.GradientTape() as tape:
        y = program(lib, table)
    gradient = tape.gradient(y, table)
    assert sparse(lib, gradient) == (indices is not None)
    assert tuple(gradient.shape) == (5, 3)
    if indices is not None:
        # Of the two lookups of a sum, TensorFlow may put either first.
        assert sorted(as_list(gradient.indices)) == sorted(indices)
        assert tuple(gradient.values.shape) == (len(indices), 3)


def test_row_that_is_looked_up_twice_stands_there_twice(lib):
    table = lib.Variable(random(5, 3))
    with lib.GradientTape() as tape:
        y = lib.gather(table, [0, 0, 3])
    gradient = tape.gradient(y, table)
    assert as_list(gradient.indices) == [0, 0, 3]
    assert as_list(gradient.values) == [[1.0] * 3] * 3
    dense = lib.convert_to_tensor(gradient)
    assert as_list(lib.reduce_sum(dense, axis=1)) == [6.0, 0.0, 0.0, 3.0, 0.0]


def test_slices_know_negation_and_leave_the_rest_to_tensors(lib):
    slices = lib.IndexedSlices(lib.constant([[1.0]]), lib.constant([1]), (2, 1))
    if lib is tf:
        shape = tf.constant([2, 1])
        slices = tf.IndexedSlices(slices.values, slices.indices, shape)
    assert as_list((-slices).values) == [[-1.0]]
    assert as_list(lib.constant(2.0) * slices) == [[0.0], [2.0]]
    assert as_list(lib.square(slices)) == [[0.0], [1.0]]
    with pytest.raises(TypeError):
        slices * 2.0


def test_slices_are_no_target_and_their_values_are(lib):
    table = lib.Variable([[1.0], [2.0], [3.0]])
    for whole in (True, False):
        with lib.GradientTape() as outer:
            with lib.GradientTape() as inner:
                y = lib.reduce_sum(lib.gather(table, [2, 0]) ** 3.0)
            gradient = inner.gradient(y, table)
        if whole:
            with pytest.raises(AttributeError, match="id"):
                outer.gradient(gradient, table)
        else:
            second = outer.gradient(gradient.values, table)
            assert as_list(lib.convert_to_tensor(second)) == [[6.0], [0.0], [18.0]]


def test_accumulator_has_tangents_of_values_and_none_of_slices(lib):
    table = lib.Variable([[1.0], [2.0], [3.0]])
    ones = lib.constant([[1.0]] * 3)
    with lib.autodiff.ForwardAccumulator(table, ones) as accumulator:
        with lib.GradientTape() as tape:
            y = lib.reduce_sum(lib.gather(table, [2, 0]) ** 3.0)
        gradient = tape.gradient(y, table)
    assert as_list(accumulator.jvp(gradient.values)) == [[18.0], [6.0]]
    with pytest.raises(AttributeError, match="id"):
        accumulator.jvp(gradient)


def test_several_sparse_gradients_meet_a_dense_one(lib):
    table = lib.Variable(np.zeros((3, 1), np.float32))
    with lib.GradientTape() as tape:
        y = lib.gather(table, [0]) + lib.gather(table, [0]) + lib.reduce_sum(table)
    assert as_list(tape.gradient(y, table)) == [[3.0], [1.0], [1.0]]


# Recomputation


def test_recomputed_function_has_the_gradients_of_the_plain_one(lib):
    weights = random(3, 3)

    def layer(h, w):
        return lib.tanh(lib.matmul(h, w))

    results = []
    for run in (layer, lib.recompute_grad(layer)):
        x, w = lib.Variable(random(4, 3)), lib.Variable(weights)
        with lib.GradientTape() as tape:
            y = lib.reduce_sum(run(run(x * 1.0, w), w) ** 2.0)
        results.append([y, *tape.gradient(y, [x, w])])
    for plain, recomputed in zip(*results, strict=True):
        np.testing.assert_allclose(recomputed, plain, rtol=1e-5)


def test_function_runs_again_in_the_backward_pass(lib):
    calls = []

    def counted(h):
        calls.append(1)
        return lib.sin(h)

    x = lib.Variable([0.5])
    with lib.GradientTape() as tape:
        y = lib.recompute_grad(counted)(x * 1.0)
    assert len(calls) == 1
    tape.gradient(y, x)
    assert len(calls) == 2


def test_tape_keeps_the_arguments_and_nothing_inside(lib):
    inside = []

    def block(h):
        for _ in range(3):
            h = lib.tanh(h)
            inside.append(weakref.ref(h))
        return h

    x = lib.Variable([0.5])
    with lib.GradientTape() as tape:
        argument = x * 1.0
        y = lib.recompute_grad(block)(argument)
        probe = weakref.ref(argument)
        del argument
    gc.collect()
    assert probe() is not None
    assert [ref() is None for ref in inside[:2]] == [True, True]
    np.testing.assert_allclose(y, np.tanh(np.tanh(np.tanh([0.5]))), rtol=1e-6)
    assert tape.gradient(y, x) is not None


def test_recomputation_sees_the_world_as_it_is_in_the_backward_pass(lib):
    factor = [2.0]
    x = lib.Variable(1.0)
    with lib.GradientTape() as tape:
        y = lib.recompute_grad(lambda h: h * factor[0])(x * 1.0)
    factor[0] = 10.0
    assert float(y) == 2.0
    assert float(tape.gradient(y, x)) == 10.0


def test_second_derivative_passes_a_recomputed_function(lib):
    x = lib.Variable(0.5)
    block = lib.recompute_grad(lambda h: lib.tanh(lib.sin(h)))
    with lib.GradientTape() as outer:
        with lib.GradientTape() as inner:
            y = block(x * 1.0)
        dy = inner.gradient(y, x)
    t, s, c = np.tanh(np.sin(0.5)), np.sin(0.5), np.cos(0.5)
    expected = -2 * t * (1 - t * t) * c * c - (1 - t * t) * s
    np.testing.assert_allclose(outer.gradient(dy, x), expected, rtol=1e-5)


def test_forward_mode_through_recomputation_is_refused_by_tensorflow_alone():
    for lib in (tf, mt):
        x = lib.Variable(0.5)
        block = lib.recompute_grad(lib.sin)
        with lib.autodiff.ForwardAccumulator(x, lib.constant(1.0)) as accumulator:
            h = x * 1.0
            if lib is tf:
                with pytest.raises(NotImplementedError, match="transpose"):
                    block(h)
            else:
                np.testing.assert_allclose(
                    accumulator.jvp(block(h)), np.cos(0.5), rtol=1e-6
                )


# What the chapter says of TensorFlow alone


def test_tensorflow_has_two_forward_rules_of_its_own():
    assert sorted(forwardprop._SPECIAL_CASES) == ["Identity", "ReadVariableOp"]


def test_second_order_through_recomputation_is_refused_by_tensorflow_alone():
    for lib in (tf, mt):
        x = lib.Variable(3.0)
        block = lib.recompute_grad(lib.sin)
        with lib.GradientTape() as outer:
            with lib.GradientTape() as inner:
                y = block(x * 1.0) ** 2.0  # its gradient depends on the block's result
            dy = inner.gradient(y, x)
        if lib is tf:
            with pytest.raises(NotImplementedError, match="transpose"):
                outer.gradient(dy, x)
        else:
            np.testing.assert_allclose(
                outer.gradient(dy, x), 2 * np.cos(6.0), rtol=1e-5
            )


@pytest.mark.parametrize("paused", [False, True])
def test_forward_mode_passes_a_custom_gradient_by_unless_recording_is_paused(
    lib, paused
):
    stop = lens.stop_recording if lib is tf else mt.stop_recording

    @lib.custom_gradient
    def claims_100(h):
        with stop() if paused else nullcontext():
            y = h * 1.0
        return y, lambda upstream: 100.0 * upstream

    x = lib.constant(3.0)
    with lib.autodiff.ForwardAccumulator(x, lib.constant(1.0)) as accumulator:
        y = claims_100(x)
    assert float(accumulator.jvp(y)) == (100.0 if paused else 1.0)


# Inside a traced function


def jacobian_of_a_layer(lib, x, w):
    with lib.GradientTape() as tape:
        y = lib.reduce_sum(lib.tanh(lib.matmul(x, w)), axis=0)
    return tape.jacobian(y, w)


def product_with_a_hessian(lib, x, w):
    return forward_over_reverse(lib, some_loss, w, lib.ones_like(w))


def recomputed_gradient(lib, x, w):
    layer = lib.recompute_grad(lambda h, w: lib.tanh(lib.matmul(h, w)))
    with lib.GradientTape() as tape:
        y = lib.reduce_sum(layer(x, w) ** 2.0)
    return tape.gradient(y, w)


def gathered_gradient(lib, x, w):
    with lib.GradientTape() as tape:
        y = lib.reduce_sum(lib.gather(w, [2, 0, 2]) ** 2.0)
    return lib.convert_to_tensor(tape.gradient(y, w))


@pytest.mark.parametrize(
    "program",
    [
        jacobian_of_a_layer,
        product_with_a_hessian,
        recomputed_gradient,
        gathered_gradient,
    ],
)
def test_traced_program_computes_what_the_eager_one_does(lib, program):
    x, w = lib.constant(random(4, 3)), lib.Variable(random(3, 3, seed=1))
    traced = lib.function(lambda x: program(lib, x, w))
    np.testing.assert_allclose(traced(x), program(lib, x, w), rtol=1e-5, atol=1e-6)


# What the chapter says of optimizers


@pytest.mark.parametrize("eagerly", [True, False])
def test_fit_moves_a_row_too_far_that_a_batch_holds_twice(eagerly):
    embedding = keras.layers.Embedding(5, 3, embeddings_initializer="zeros")
    inputs = keras.Input((3,), dtype="int32")
    total = keras.layers.Lambda(lambda rows: keras.ops.sum(rows, axis=(1, 2)))
    model = keras.Model(inputs, total(embedding(inputs)))
    adam = keras.optimizers.Adam(0.1)
    model.compile(adam, loss=lambda y, value: value, run_eagerly=eagerly)
    model.fit(np.array([[0, 0, 3]]), np.zeros(1), verbose=0)
    steps = embedding.embeddings.numpy()[:, 0]
    expected = [-0.1 * np.sqrt(2), 0.0, 0.0, -0.1, 0.0]
    np.testing.assert_allclose(steps, expected, rtol=1e-4)


@pytest.mark.parametrize(
    "optimizer, miscounts",
    [
        (lambda: keras.optimizers.RMSprop(0.1), True),
        (lambda: keras.optimizers.SGD(0.1, clipnorm=1.0), True),
        (lambda: keras.optimizers.SGD(0.1), False),
    ],
    ids=["RMSprop", "clipnorm", "SGD"],
)
def test_repeated_row_goes_further_than_its_sum(optimizer, miscounts):
    slices = tf.IndexedSlices(tf.ones((3, 1)), tf.constant([0, 0, 3]), [5, 1])
    moved = []
    for gradient in (slices, tf.convert_to_tensor(slices)):
        weights = keras.Variable(np.zeros((5, 1), np.float32))
        optimizer().apply([gradient], [weights])
        moved.append(-float(weights.numpy()[0, 0]))
    apart, added = moved
    assert apart > 1.2 * added if miscounts else apart == added
