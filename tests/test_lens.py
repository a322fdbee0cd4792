"""The looking glasses show what is there, and leave TensorFlow as they found it."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.eager import context, execute

from insidetf.lens import (
    TensorInfo,
    compiled_ops,
    expect_error,
    gradient_calls,
    gradient_function,
    live_bytes,
    live_tensors,
    record_operation,
    registered_gradients,
    stop_recording,
    tap_ops,
    tensor_id,
)


def test_tap_shows_ops_with_their_shapes_and_dtypes():
    a, b = tf.zeros((2, 3)), tf.zeros((3, 4))
    with tap_ops() as log:
        c = a @ b
    (call,) = log
    assert (call.op_type, call.in_graph, call.recorded) == ("MatMul", False, False)
    assert call.inputs == (TensorInfo.of(a), TensorInfo.of(b))
    assert call.outputs == (TensorInfo(tensor_id(c), (2, 4), "float32"),)


def test_tap_tells_recorded_ops_from_others():
    x = tf.constant(2.0)
    with tap_ops() as log, tf.GradientTape() as tape:
        tape.watch(x)
        tf.square(x)
        with tape.stop_recording():
            tf.sin(x)
        tf.cast(x, tf.int32) + 1
    assert log.types == ["Square", "Sin", "Cast", "AddV2"]
    assert log.recorded.types == ["Square", "Cast"]


def test_tap_shows_tracing_and_then_one_call_of_the_function():
    @tf.function
    def f(x):
        return tf.sin(x) * 2.0

    with tap_ops() as log:
        f(tf.constant(1.0))
        f(tf.constant(2.0))
    traced = [call.op_type for call in log if call.in_graph]
    ran = [call.op_type for call in log if not call.in_graph]
    assert traced == ["Placeholder", "Sin", "Const", "Mul", "Identity"]
    assert len(ran) == 2
    assert all(name.startswith("__inference_f_") for name in ran)


def test_tap_gives_op_types_of_the_slow_path_as_text():
    with tap_ops() as log:
        tf.reduce_mean([[1.0, 2.0]])
    assert log.count("Mean") == 1


def test_tap_is_gone_after_an_error():
    with pytest.raises(ZeroDivisionError), tap_ops() as log:
        tf.sin(1.0)
        raise ZeroDivisionError
    tf.cos(1.0)
    assert log.types == ["Sin"]
    assert not context.context().op_callbacks
    assert execute.execute is execute.quick_execute


def test_log_shows_its_op_types():
    with tap_ops() as log:
        pass
    assert repr(log) == "nothing"
    with tap_ops() as log:
        tf.cos(tf.sin(1.0))
    assert repr(log) == "Sin Cos"


def test_taps_can_be_nested():
    with tap_ops() as outer:
        tf.sin(1.0)
        with tap_ops() as inner:
            tf.cos(1.0)
        tf.exp(1.0)
    assert (outer.types, inner.types) == (["Sin", "Cos", "Exp"], ["Cos"])


def test_gradient_calls_show_what_the_tape_had_kept():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.tanh(x) * 3.0)
    with gradient_calls() as calls:
        tape.gradient(y, x)
    assert calls.types == ["Sum", "Mul", "Tanh"]
    tanh = calls[-1]
    assert (tanh.keeps_inputs, tanh.keeps_outputs) == (False, True)
    assert tanh.kept_outputs[0].shape == tanh.upstream[0].shape == (2,)
    assert calls[1].skip_input_indices == (1,)
    assert calls.count("Mul") == 1
    assert repr(calls) == "Sum Mul Tanh"


def test_gradient_calls_leave_gradients_as_they_are():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        y = tf.gather(x, [0, 0]) * x
    with gradient_calls() as calls:
        seen = tape.gradient(y, x)
    unseen = tape.gradient(y, x)
    assert calls.count("ResourceGather") == 1
    np.testing.assert_array_equal(
        tf.convert_to_tensor(seen), tf.convert_to_tensor(unseen)
    )


def test_gradient_calls_end_with_the_block_even_after_an_error():
    x = tf.Variable(1.0)
    with pytest.raises(ZeroDivisionError), gradient_calls() as calls:
        raise ZeroDivisionError
    with tf.GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    assert calls == []


def test_registry_knows_gradients_declared_none_and_nothing():
    assert gradient_function("MatMul").__name__ == "_MatMulGrad"
    assert gradient_function("Equal") is None
    with pytest.raises(LookupError):
        gradient_function("AdjustContrastv2")
    assert {"MatMul", "Equal"} <= set(registered_gradients())


def test_record_operation_puts_a_record_on_the_tape():
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.constant(9.0)
        record_operation("MySquare", [y], [x], lambda dy: [dy * 2.0 * x])
    assert float(tape.gradient(y, x)) == 6.0


def test_stop_recording_hides_ops_from_all_tapes():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape, stop_recording():
        y = x * x
    assert tape.gradient(y, x) is None


def test_live_tensors_shows_what_a_tape_alone_holds():
    x = tf.Variable(tf.ones((16, 16)))
    before = live_tensors()

    def held():
        new = (info for i, info in live_tensors().items() if i not in before)
        return [info for info in new if info.shape == (16, 16)]

    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.exp(tf.tanh(x)))
    assert len(held()) == 2
    tape.gradient(y, x)
    assert held() == []


def test_live_bytes_counts_shared_memory_once():
    x = tf.Variable(tf.ones((16, 16)))
    before = live_bytes()
    y = tf.exp(x)
    shared = [tf.stop_gradient(y), tf.identity(y), tf.reshape(y, (4, 64))]
    assert live_bytes() - before == 16 * 16 * 4
    del shared, y
    assert live_bytes() == before


def test_live_bytes_leaves_out_handles_and_strings():
    before = live_bytes()
    kept = tf.Variable(1.0), tf.constant(["a", "b"])
    assert live_bytes() == before
    del kept


def test_expect_error_shows_the_message(capsys):
    with expect_error(ValueError, "three"):
        raise ValueError("one, two, three")
    assert capsys.readouterr().out == "ValueError: one, two, three\n"


def test_expect_error_wraps_long_messages(capsys):
    with expect_error(ValueError, "word " * 20 + "word"):
        raise ValueError("word " * 30)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_expect_error_shows_one_line_of_a_long_story(capsys):
    with expect_error(ValueError, "two", brief=True):
        raise ValueError("in user code:\n\n  File 'x'\n\n  KeyError: one, two")
    with expect_error(ValueError, "three", brief=True):
        raise ValueError("three\nfour")
    shown = capsys.readouterr().out
    assert shown == "KeyError: one, two\nValueError: three\n"


def test_expect_error_fails_when_nothing_is_raised():
    nothing = pytest.raises(AssertionError, match="nothing was raised")
    with nothing, expect_error(ValueError, "three"):
        pass


def test_expect_error_fails_on_another_message_and_lets_another_kind_through():
    other_message = pytest.raises(AssertionError, match="expected 'four'")
    with other_message, expect_error(ValueError, "four"):
        raise ValueError("one, two, three")
    with pytest.raises(KeyError), expect_error(ValueError, "three"):
        raise KeyError("three")


def test_compiled_ops_counts_before_and_after_grappler():
    @tf.function
    def f(x):
        unused = tf.cos(x)
        del unused
        return tf.sin(x) + tf.sin(x)

    before, after = compiled_ops(f, tf.constant([1.0, 2.0]))
    assert (before["Sin"], before["Cos"]) == (2, 1)
    assert (after["Sin"], after["Cos"]) == (1, 0)


def test_compiled_ops_wants_a_function_that_has_not_run():
    f = tf.function(tf.sin)
    f(tf.constant(1.0))
    with pytest.raises(ValueError, match="has not run before"):
        compiled_ops(f, tf.constant(1.0))
