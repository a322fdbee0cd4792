"""The tape of the miniature against TensorFlow's: each test runs on both."""

import gc
import threading
import weakref

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import microtf as mt
from insidetf import lens
from microtf import record


@pytest.fixture(params=[tf, mt], ids=["tensorflow", "microtf"])
def lib(request):
    """TensorFlow first, the miniature second, under the same assert."""
    return request.param


def recorded(lib, program) -> list[str]:
    """Run `program()` under a tape and return the types of the ops it records."""
    if lib is tf:
        with lens.tap_ops() as log, tf.GradientTape() as tape:
            program(tape)
        return log.recorded.types
    with mt.GradientTape() as tape:
        program(tape)
    return [entry.op_type for entry in tape.records]


def called(lib, backward) -> list[str]:
    """Run `backward()` and return the op types whose gradient functions it calls."""
    if lib is tf:
        with lens.gradient_calls() as calls:
            backward()
        return calls.types
    log, lookup = [], record.gradient_function

    def logged_lookup(op_type):
        log.append(op_type)
        return lookup(op_type)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "gradient_function", logged_lookup)
        backward()
    return log


def none_or_number(gradient):
    return None if gradient is None else np.asarray(gradient).tolist()


# What is recorded


def test_tape_records_only_what_depends_on_something_watched(lib):
    x, w = lib.constant([[1.0, 2.0]]), lib.Variable([[3.0], [4.0]])

    def program(tape):
        centered = x - lib.reduce_mean(x)
        lib.square(centered @ w)

    assert recorded(lib, program) == ["ReadVariableOp", "MatMul", "Square"]


def test_tape_ignores_ops_outside_its_block(lib):
    x = lib.constant(3.0)
    with lib.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    z = y * y
    assert tape.gradient(z, x) is None


def test_whole_numbers_are_never_recorded(lib):
    n = lib.constant(3)

    def program(tape):
        tape.watch(n)
        lib.square(n) + n

    assert recorded(lib, program) == []


def test_cast_to_a_whole_number_is_recorded_and_what_follows_is_not(lib):
    x = lib.Variable(2.5)

    def program(tape):
        lib.cast(lib.cast(x, lib.int32) + 1, lib.float32)

    assert recorded(lib, program) == ["ReadVariableOp", "Cast"]


def test_variable_that_is_not_trainable_is_not_watched_by_itself(lib):
    x = lib.Variable(2.0, trainable=False)
    assert recorded(lib, lambda tape: x * x) == []
    with lib.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    assert float(tape.gradient(y, x)) == 4.0


def test_watch_accessed_variables_false_leaves_the_choice_to_watch(lib):
    v, w = lib.Variable(2.0), lib.Variable(3.0)
    with lib.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(v)
        y = v * w
    assert [none_or_number(g) for g in tape.gradient(y, [v, w])] == [3.0, None]


def test_stop_recording_hides_a_block_from_one_tape(lib):
    x = lib.constant(3.0)
    with lib.GradientTape() as outer, lib.GradientTape() as inner:
        outer.watch(x)
        inner.watch(x)
        with inner.stop_recording():
            y = x * x
    assert inner.gradient(y, x) is None
    assert float(outer.gradient(y, x)) == 6.0


def test_stop_recording_of_the_thread_hides_a_block_from_all_tapes(lib):
    stop = lens.stop_recording if lib is tf else mt.stop_recording
    x = lib.constant(3.0)
    with lib.GradientTape() as outer, lib.GradientTape() as inner:
        outer.watch(x)
        inner.watch(x)
        with stop():
            y = x * x
    assert inner.gradient(y, x) is None
    assert outer.gradient(y, x) is None


def test_stop_recording_outside_the_block_is_an_error(lib):
    with (
        pytest.raises(RuntimeError, match="not recording"),
        lib.GradientTape().stop_recording(),
    ):
        pass


def test_stop_gradient_is_not_recorded(lib):
    x = lib.constant(3.0)

    def program(tape):
        tape.watch(x)
        lib.stop_gradient(lib.square(x)) * x

    assert recorded(lib, program) == ["Square", "Mul"]


def test_reset_forgets_what_came_before(lib):
    x = lib.Variable(3.0)
    with lib.GradientTape() as tape:
        y = x * x
        tape.reset()
        z = y + x * 5.0
    assert float(tape.gradient(z, x)) == 5.0


def test_watched_variables_come_in_the_order_of_their_making(lib):
    a, b = lib.Variable(1.0), lib.Variable(2.0)
    with lib.GradientTape() as tape:
        y = b * a
    for _ in range(2):  # before and after the tape is used up
        names = ["ab"[v is b] for v in tape.watched_variables()]
        assert names == ["a", "b"]
        if tape._tape is not None:
            tape.gradient(y, a)


def test_tape_does_not_see_another_threads_ops(lib):
    x, results = lib.Variable(3.0), []
    with lib.GradientTape() as tape:
        thread = threading.Thread(target=lambda: results.append(x * x))
        thread.start()
        thread.join()
    assert tape.watched_variables() == ()
    assert tape.gradient(results[0], x) is None


def test_tape_cannot_be_entered_twice_at_once(lib):
    tape = lib.GradientTape()
    with tape, pytest.raises(ValueError, match="still recording"):
        tape.__enter__()


def test_tape_entered_again_goes_on_where_it_was(lib):
    x, tape = lib.Variable(3.0), lib.GradientTape()
    with tape:
        y = x * x
    with tape:
        z = y * x
    assert float(tape.gradient(z, x)) == 27.0


def test_watching_what_is_recorded_already_changes_nothing(lib):
    v = lib.Variable(2.0)
    with lib.GradientTape() as tape:
        h = v * v
        tape.watch(h)
        y = h * 3.0
    assert [float(gradient) for gradient in tape.gradient(y, [h, v])] == [3.0, 12.0]


def test_record_that_receives_no_gradient_is_not_called(lib):
    v = lib.Variable([0.2, 1.7])
    with lib.GradientTape() as tape:
        y = lib.reduce_sum(lib.round(lib.exp(v)) * 2.0)
    answers = []
    calls = called(lib, lambda: answers.append(tape.gradient(y, v)))
    assert (answers, calls) == ([None], ["Sum", "Mul", "Round"])


def test_watch_refuses_what_is_no_tensor(lib):
    with lib.GradientTape() as tape, pytest.raises(ValueError, match="Tensor"):
        tape.watch(np.float32(3.0))


# The walk


def test_gradient_functions_are_called_in_the_order_of_readiness(lib):
    x = lib.constant(1.0)
    with lib.GradientTape() as tape:
        tape.watch(x)
        y = lib.sin(x) * lib.cos(x)
    # Not Mul, Cos, Sin, which is the reverse of the order of execution.
    assert called(lib, lambda: tape.gradient(y, x)) == ["Mul", "Sin", "Cos"]


def test_walk_waits_until_all_uses_of_a_value_have_answered(lib):
    x = lib.constant(2.0)
    with lib.GradientTape() as tape:
        tape.watch(x)
        h = lib.square(x)
        y = lib.sin(h) + h * lib.tanh(lib.tanh(h))
    types = ["AddV2", "Sin", "Mul", "Tanh", "Tanh", "Square"]
    assert called(lib, lambda: tape.gradient(y, x)) == types


def test_walk_visits_only_what_the_target_depends_on(lib):
    x = lib.constant(2.0)
    with lib.GradientTape() as tape:
        tape.watch(x)
        y = lib.sin(x)
        lib.cos(x)
    assert called(lib, lambda: tape.gradient(y, x)) == ["Sin"]


def test_walk_does_not_stop_at_the_sources(lib):
    x = lib.constant(2.0)
    with lib.GradientTape() as tape:
        tape.watch(x)
        h = lib.sin(x)
        y = lib.cos(h)
    assert called(lib, lambda: tape.gradient(y, h)) == ["Cos", "Sin"]


def test_value_used_several_times_adds_up_its_gradients(lib):
    x = lib.Variable([1.0, 2.0])
    with lib.GradientTape() as tape:
        y = x * x + x
    assert none_or_number(tape.gradient(y, x)) == [3.0, 5.0]


def test_target_of_many_elements_is_differentiated_as_their_sum(lib):
    x = lib.Variable([1.0, 2.0])
    with lib.GradientTape(persistent=True) as tape:
        y = x * x
        total = lib.reduce_sum(y)
    assert none_or_number(tape.gradient(y, x)) == [2.0, 4.0]
    assert none_or_number(tape.gradient(total, x)) == [2.0, 4.0]


def test_output_gradients_replace_the_ones_that_the_walk_begins_with(lib):
    x = lib.Variable([1.0, 2.0])
    with lib.GradientTape() as tape:
        y = x * x
    gradient = tape.gradient(y, x, output_gradients=lib.constant([10.0, 0.5]))
    assert none_or_number(gradient) == [20.0, 2.0]


def test_output_gradients_come_one_for_each_target(lib):
    x = lib.Variable(3.0)
    with lib.GradientTape() as tape:
        targets = [x * 2.0, x * 5.0]
    seeds = [lib.constant(10.0), lib.constant(100.0)]
    assert float(tape.gradient(targets, x, output_gradients=seeds)) == 520.0


def test_several_targets_are_added_up(lib):
    x = lib.Variable(3.0)
    with lib.GradientTape() as tape:
        targets = [x * 2.0, {"a": x * x}]
    assert float(tape.gradient(targets, x)) == 8.0


def test_gradients_come_in_the_structure_of_the_sources(lib):
    a, b, c = (lib.Variable(value) for value in (2.0, 3.0, 5.0))
    with lib.GradientTape() as tape:
        y = a * b * c
    gradients = tape.gradient(y, {"b": b, "rest": [a, (c,)]})
    assert set(gradients) == {"b", "rest"}
    assert float(gradients["b"]) == 10.0
    assert isinstance(gradients["rest"][1], tuple)
    assert [float(gradients["rest"][0]), float(gradients["rest"][1][0])] == [15.0, 6.0]


def test_source_in_the_middle_gets_its_gradient_and_passes_it_on(lib):
    x = lib.constant(2.0)
    with lib.GradientTape() as tape:
        tape.watch(x)
        h = x * 3.0
        y = h * h
    assert [float(g) for g in tape.gradient(y, [h, x])] == [12.0, 36.0]


def test_target_that_is_a_source_has_gradient_one(lib):
    x = lib.constant(2.0)
    with lib.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * 3.0
    assert float(tape.gradient(x, x)) == 1.0
    assert float(tape.gradient([x, y], x)) == 4.0


def test_output_that_nothing_uses_counts_as_zero(lib):
    x = lib.Variable([1.0, 2.0, 3.0])
    with lib.GradientTape() as tape:
        _, middle, _ = lib.unstack(x)
        y = middle * middle
    assert none_or_number(tape.gradient(y, x)) == [0.0, 4.0, 0.0]


PROGRAM = st.lists(
    st.tuples(
        st.sampled_from(["sin", "cos", "tanh", "add", "multiply", "subtract"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    min_size=1,
    max_size=14,
)


def run_program(lib, program):
    """Apply each op to earlier values, chosen by number; differentiate the last one."""
    values = [lib.constant(0.3), lib.constant(-0.8)]
    sources = list(values)
    with lib.GradientTape() as tape:
        tape.watch(sources)
        for name, i, j in program:
            i, j = i % len(values), j % len(values)
            operands = values[i : i + 1] if name in ("sin", "cos", "tanh") else None
            operands = operands or [values[i], values[j]]
            values.append(getattr(lib, name)(*operands))
    gradients = []
    order = called(lib, lambda: gradients.extend(tape.gradient(values[-1], sources)))
    return order, [none_or_number(gradient) for gradient in gradients]


@settings(max_examples=150, deadline=None)
@given(program=PROGRAM)
def test_any_program_is_walked_as_tensorflow_walks_it(program):
    their_order, theirs = run_program(tf, program)
    our_order, ours = run_program(mt, program)
    assert our_order == their_order
    assert [g is None for g in ours] == [g is None for g in theirs]
    for our, their in zip(ours, theirs, strict=True):
        if their is not None:
            np.testing.assert_allclose(our, their, rtol=1e-4, atol=1e-5)


# None


def through_numpy(lib, x):
    return lib.constant(np.asarray(x * 2.0)) * 3.0


NONES = {
    "numpy": through_numpy,
    "integers": lambda lib, x: lib.cast(lib.cast(x, lib.int32), lib.float32),
    "stop_gradient": lambda lib, x: lib.stop_gradient(x * x),
    "not used": lambda lib, x: lib.constant(1.0) * 2.0,
    "whole number as target": lambda lib, x: lib.cast(x, lib.int32),
}


@pytest.mark.parametrize("name", NONES)
def test_gradient_is_none_where_no_record_leads_back(lib, name):
    x = lib.Variable(2.0)
    with lib.GradientTape() as tape:
        y = NONES[name](lib, x)
    assert tape.gradient(y, x) is None


def test_unwatched_constant_has_no_gradient(lib):
    x = lib.constant(2.0)
    with lib.GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is None


def test_tensor_watched_after_its_use_has_no_gradient(lib):
    x = lib.constant(2.0)
    with lib.GradientTape() as tape:
        y = x * x
        tape.watch(x)
    assert tape.gradient(y, x) is None


def test_name_bound_to_a_new_tensor_has_no_gradient_of_the_old_one(lib):
    x = lib.Variable(2.0)
    with lib.GradientTape(persistent=True) as tape:
        first = x
        y = x * x
        x = x + 1.0
    assert tape.gradient(y, x) is None
    assert float(tape.gradient(y, first)) == 4.0


def test_value_written_into_a_variable_brings_no_gradient_with_it(lib):
    v, w = lib.Variable(2.0), lib.Variable(0.0)
    with lib.GradientTape() as tape:
        w.assign(v * 3.0)
        y = w * w
    assert [none_or_number(g) for g in tape.gradient(y, [v, w])] == [None, 12.0]


def test_read_before_a_write_keeps_the_old_value(lib):
    v = lib.Variable(2.0)
    with lib.GradientTape() as tape:
        y = v * v
        v.assign_add(10.0)
        z = v * v
    assert float(tape.gradient([y, z], v)) == 4.0 + 24.0


def test_unconnected_gradients_zero_gives_zeros_of_the_sources_shape(lib):
    x, v = lib.constant([[1.0, 2.0]]), lib.Variable([3.0])
    with lib.GradientTape() as tape:
        y = v * 2.0
    dx, dv = tape.gradient(y, [x, v], unconnected_gradients="zero")
    assert (none_or_number(dx), none_or_number(dv)) == ([[0.0, 0.0]], [2.0])


def test_unknown_value_for_unconnected_gradients_is_an_error(lib):
    x = lib.Variable(1.0)
    with lib.GradientTape() as tape:
        y = x * x
    with pytest.raises(ValueError, match="Unknown value for unconnected_gradients"):
        tape.gradient(y, x, unconnected_gradients="nil")


def test_target_none_is_an_error(lib):
    with lib.GradientTape() as tape:
        pass
    with pytest.raises(TypeError, match="None"):
        tape.gradient(None, lib.Variable(1.0))


# Lifetime


def test_second_gradient_of_a_tape_that_is_not_persistent_is_an_error(lib):
    x = lib.Variable(3.0)
    with lib.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    with pytest.raises(RuntimeError, match="non-persistent GradientTape can only"):
        tape.gradient(y, x)


def test_persistent_tape_answers_as_often_as_asked(lib):
    x = lib.Variable(3.0)
    with lib.GradientTape(persistent=True) as tape:
        y = x * x
        z = y * y
    answers = [float(tape.gradient(t, x)) for t in (z, y, z)]
    assert answers == [108.0, 6.0, 108.0]


@pytest.mark.parametrize("persistent", [False, True])
def test_what_a_record_keeps_lives_until_the_tape_lets_go(lib, persistent):
    x = lib.Variable([1.0, 2.0])
    with lib.GradientTape(persistent=persistent) as tape:
        hidden = lib.tanh(x)  # its record keeps the output
        y = lib.reduce_sum(lib.exp(hidden))
    kept = weakref.ref(hidden)
    del hidden
    gc.collect()
    assert kept() is not None
    tape.gradient(y, x)
    gc.collect()
    assert (kept() is not None) == persistent
    del tape
    gc.collect()
    assert kept() is None


def test_what_no_gradient_function_reads_is_not_kept(lib):
    x = lib.Variable([1.0, 2.0])
    with lib.GradientTape() as tape:
        hidden = -x  # neither Neg nor Tanh reads it
        y = lib.tanh(hidden)
    kept = weakref.ref(hidden)
    del hidden
    gc.collect()
    assert kept() is None
    np.testing.assert_allclose(
        tape.gradient(y, x), -1 / np.cosh([1, 2]) ** 2, rtol=1e-5
    )


def test_gradient_inside_the_block_ends_the_recording(lib):
    x = lib.Variable(3.0)
    with lib.GradientTape() as tape:
        y = x * x
        assert float(tape.gradient(y, x)) == 6.0
        x * x  # nobody listens any more
    with pytest.raises(RuntimeError):
        tape.gradient(y, x)


def test_gradient_inside_a_persistent_block_is_itself_recorded(lib):
    x = lib.Variable(3.0)
    with lib.GradientTape(persistent=True) as tape:
        y = x * x * x
        dy = tape.gradient(y, x)
    assert float(tape.gradient(dy, x)) == 18.0


def test_nested_tapes_give_third_derivatives(lib):
    x = lib.Variable(2.0)
    with lib.GradientTape() as third, lib.GradientTape() as second:
        with lib.GradientTape() as first:
            y = lib.sin(x) * x * x
        dy = first.gradient(y, x)
        d2y = second.gradient(dy, x)
    s, c = np.sin(2.0), np.cos(2.0)
    np.testing.assert_allclose(d2y, 2 * s + 8 * c - 4 * s, rtol=1e-5)
    np.testing.assert_allclose(third.gradient(d2y, x), 6 * c - 12 * s - 4 * c, 1e-5)


# Records that no op has made


def test_forged_record_brings_its_own_backward_function(lib):
    forge = lens.record_operation if lib is tf else mt.record_operation
    x = lib.constant(3.0)
    with lib.GradientTape() as tape:
        tape.watch(x)
        y = lib.constant(np.float32(np.asarray(x) ** 2))
        forge("MySquare", [y], [x], lambda dy: [dy * 2.0 * x])
        z = y * 10.0
    gradients = []
    assert called(lib, lambda: gradients.append(tape.gradient(z, x))) == ["Mul"]
    assert float(gradients[0]) == 60.0


def test_forged_record_with_too_few_gradients_is_an_error(lib):
    forge = lens.record_operation if lib is tf else mt.record_operation
    x, w = lib.constant(3.0), lib.constant(4.0)
    with lib.GradientTape() as tape:
        tape.watch([x, w])
        y = lib.constant(12.0)
        forge("MyMul", [y], [x, w], lambda dy: [dy])
    kinds = (ValueError, tf.errors.InternalError)
    with pytest.raises(kinds, match="MyMul"):
        tape.gradient(y, [x, w])


def test_custom_gradient_replaces_the_gradients_of_the_ops_inside(lib):
    @lib.custom_gradient
    def scaled(x, w):
        return x * w, lambda dy: (dy * 100.0, dy * 7.0)

    x, w = lib.constant(3.0), lib.constant(4.0)
    with lib.GradientTape() as tape:
        tape.watch([x, w])
        y = scaled(x, w) * 2.0
    gradients = []
    types = called(lib, lambda: gradients.extend(tape.gradient(y, [x, w])))
    assert types == ["Mul"]
    assert float(y) == 24.0
    assert [float(g) for g in gradients] == [200.0, 14.0]


def test_ops_inside_a_custom_gradient_are_recorded_and_keep_what_they_keep(lib):
    kept = []

    @lib.custom_gradient
    def opaque(x):
        hidden = lib.tanh(x)
        kept.append(weakref.ref(hidden))
        return lib.exp(hidden), lambda dy: dy

    x = lib.Variable([1.0])
    with lib.GradientTape() as tape:
        y = opaque(x)
    gc.collect()
    assert kept[0]() is not None
    assert none_or_number(tape.gradient(y, x)) == [1.0]


def test_op_without_registry_entry_fails_when_the_gradient_is_asked_for(lib):
    name = "AdjustContrastv2" if lib is tf else "NoGradientYet"
    if lib is mt and not mt.registered_kernels(name):
        mt.register_kernel(name)(lambda x: x * 2)
    x = lib.constant(np.ones((1, 2, 2, 1), np.float32))
    with lib.GradientTape() as tape:
        tape.watch(x)
        y = tf.image.adjust_contrast(x, 2.0) if lib is tf else mt.op(name, x)
    with pytest.raises(LookupError, match="gradient registry has no entry for"):
        tape.gradient(y, x)


# Training


def test_training_a_network_gives_the_same_weights(lib):
    random = np.random.default_rng(0)
    x, y = random.normal(size=(32, 4)), random.normal(size=(32, 2))
    x, y = lib.constant(np.float32(x)), lib.constant(np.float32(y))
    shapes = [(4, 8), (8,), (8, 2), (2,)]
    weights = [lib.Variable(np.float32(random.normal(size=s))) for s in shapes]
    for _ in range(30):
        with lib.GradientTape() as tape:
            hidden = lib.nn.relu(x @ weights[0] + weights[1])
            loss = lib.reduce_mean(lib.square(hidden @ weights[2] + weights[3] - y))
        gradients = tape.gradient(loss, weights)
        for variable, gradient in zip(weights, gradients, strict=True):
            variable.assign_sub(gradient * 0.1)
    TRAINED[lib] = float(loss), [np.asarray(v.numpy()) for v in weights]
    assert TRAINED[lib][0] < 1.0
    np.testing.assert_allclose(TRAINED[lib][0], TRAINED[tf][0], rtol=1e-4)
    for ours, theirs in zip(TRAINED[lib][1], TRAINED[tf][1], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)


TRAINED = {}


# The checker


def test_compute_gradient_returns_the_jacobians_that_tensorflows_does():
    def f(lib):
        return lambda a, b: lib.tanh(a) @ b

    random = np.random.default_rng(0)
    arguments = [random.normal(size=(2, 3)), random.normal(size=(3, 2))]
    theirs = tf.test.compute_gradient(f(tf), [tf.constant(a) for a in arguments])
    ours = mt.compute_gradient(f(mt), arguments)
    for their_list, our_list in zip(theirs, ours, strict=True):
        for their, our in zip(their_list, our_list, strict=True):
            assert our.shape == their.shape == (4, 6)
            np.testing.assert_allclose(our, their, rtol=1e-6, atol=1e-9)


def test_check_gradient_finds_a_gradient_that_is_wrong_by_one_percent(lib):
    @lib.custom_gradient
    def square(x):
        return x * x, lambda dy: dy * 2.02 * x

    x = [np.float64([1.0, 2.0])]
    if lib is tf:
        exact, close = tf.test.compute_gradient(square, [tf.constant(x[0])])
        error = np.abs(exact[0] - close[0]).max()
    else:
        error = mt.check_gradient(square, x)
    np.testing.assert_allclose(error, 0.04, rtol=1e-6)
