"""Tensors, ops, variables, and the registry of the miniature, against TensorFlow's."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf import nest


@pytest.fixture(params=[tf, mt], ids=["tensorflow", "microtf"])
def lib(request):
    return request.param


def numpy_dtype(lib, tensor):
    return np.dtype(tensor.dtype.as_numpy_dtype if lib is tf else tensor.dtype)


def test_miniature_imports_without_tensorflow():
    code = "import sys, microtf; sys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1.0, "float32"),
        (1, "int32"),
        (True, "bool"),
        ([1.0, 2], "float32"),
        (np.float64(1), "float64"),
        (np.zeros(2), "float64"),
        (np.int64(3), "int64"),
    ],
)
def test_constant_has_the_dtype_of_its_value(lib, value, dtype):
    assert numpy_dtype(lib, lib.constant(value)) == dtype


def test_constant_is_a_copy(lib):
    array = np.zeros(2, np.float32)
    tensor = lib.constant(array)
    array += 1
    assert np.asarray(tensor).tolist() == [0.0, 0.0]


def test_bare_number_takes_the_dtype_of_the_tensor_it_meets(lib):
    x = lib.constant(np.float64(3.0))
    for result in (x * 2, 2.0 * x, x - 1.0, 1 - x, x**2, 6.0 / x):
        assert numpy_dtype(lib, result) == np.float64
    assert float(1 - x) == -2.0
    assert float(6.0 / x) == 2.0


def test_ops_refuse_two_floating_dtypes(lib):
    error = tf.errors.InvalidArgumentError if lib is tf else TypeError
    with pytest.raises(error):
        lib.constant(np.float32(1)) + lib.constant(np.float64(1))


def test_tensors_compare_element_by_element(lib):
    x = lib.constant([1.0, 2.0])
    for result in (x > 1.0, x >= 2.0, -x < -1.0, -x <= -2.0):
        assert np.asarray(result).tolist() == [False, True]


def test_comparison_of_one_number_steers_python(lib):
    assert not lib.constant(50.0) < 30.0
    assert lib.constant([2.0]) < 30.0
    y = lib.Variable(2.0) * 1.0
    while y < 30.0:
        y = y * 2.0
    assert float(y) == 32.0


def test_comparison_of_several_numbers_is_neither_true_nor_false(lib):
    with pytest.raises(ValueError, match="ambiguous"):
        bool(lib.constant([1.0, 2.0]) > 1.5)


def test_contributions_of_two_shapes_are_not_added_up(lib):
    error = tf.errors.InvalidArgumentError if lib is tf else ValueError
    naive_add = lib.custom_gradient(lambda a, b: (a + b, lambda g: (g, g)))
    rows, bias = lib.Variable(np.ones((2, 3))), lib.Variable(np.ones(3))
    with lib.GradientTape() as tape:
        targets = [naive_add(rows, bias), bias * bias]
    with pytest.raises(error, match="AddN"):
        tape.gradient(targets, bias)


def test_every_tensor_has_an_identity_of_its_own(lib):
    attribute = "_id" if lib is tf else "id"
    x = lib.constant(1.0)
    assert getattr(x, attribute) != getattr(lib.identity(x), attribute)
    assert lib.convert_to_tensor(x) is x


def test_array_times_tensor_is_an_op(lib):
    product = np.float32([1, 2]) * lib.constant([3.0, 4.0])
    assert type(product) is type(lib.constant(1.0))


@pytest.mark.parametrize("name", ["reduce_sum", "reduce_mean", "reduce_max"])
@pytest.mark.parametrize("axis", [None, 0, -1, [0, 1]])
def test_reductions_take_axis_and_keepdims(name, axis):
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    theirs = getattr(tf, name)(x, axis=axis, keepdims=True)
    ours = getattr(mt, name)(x, axis=axis, keepdims=True)
    assert ours.shape == theirs.shape
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "program",
    [
        lambda lib, x: lib.transpose(x),
        lambda lib, x: lib.reshape(x, [3, -1]),
        lambda lib, x: lib.concat([x, x], axis=1),
        lambda lib, x: lib.stack([x, x], axis=-1),
        lambda lib, x: lib.unstack(x, axis=1)[2],
        lambda lib, x: lib.gather(x, [1, 1, 0]),
        lambda lib, x: lib.where(x > 2.0, x, lib.zeros_like(x)),
        lambda lib, x: lib.matmul(x, x, transpose_b=True),
        lambda lib, x: lib.matmul(lib.stack([x, x]), lib.transpose(x)),
        lambda lib, x: lib.cast(x, lib.int32),
        lambda lib, x: lib.nn.softmax(x),
        lambda lib, x: lib.nn.bias_add(x, [1.0, 2.0, 3.0]),
        lambda lib, x: lib.math.log1p(abs(-x)),
        lambda lib, x: lib.round(x / 2.0),
    ],
)
def test_functions_take_the_arguments_that_tensorflows_take(program):
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    theirs, ours = program(tf, tf.constant(x)), program(mt, mt.constant(x))
    assert ours.dtype == theirs.dtype.as_numpy_dtype
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_softplus_and_sigmoid_do_not_overflow():
    x = np.float32([-200, -1, 0, 1, 200])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(mt.nn.softplus(x), tf.nn.softplus(x), rtol=1e-6)
        np.testing.assert_allclose(mt.nn.sigmoid(x), tf.nn.sigmoid(x), rtol=1e-6)


def test_variable_keeps_its_handle_when_its_value_changes(lib):
    v = lib.Variable([1.0, 2.0])
    handle, before = v.handle, lib.identity(v)
    v.assign([3.0, 4.0])
    v.assign_add([1.0, 1.0])
    v.assign_sub([0.0, 2.0])
    assert v.handle is handle
    assert np.asarray(v.numpy()).tolist() == [4.0, 3.0]
    assert np.asarray(before).tolist() == [1.0, 2.0]


def test_variable_refuses_a_value_of_another_shape(lib):
    with pytest.raises(ValueError, match="shape"):
        lib.Variable([1.0, 2.0]).assign([1.0])


def test_variable_does_not_share_memory_with_its_initial_value(lib):
    array = np.zeros(2, np.float32)
    v = lib.Variable(array)
    array += 1
    assert v.numpy().tolist() == [0.0, 0.0]


def test_gradient_is_registered_once(lib):
    register = tf.RegisterGradient if lib is tf else mt.register_gradient
    with pytest.raises(KeyError):
        register("MatMul")(lambda op, grad: None)


def test_kernel_is_registered_once():
    with pytest.raises(KeyError, match="MatMul"):
        mt.register_kernel("MatMul")(lambda a, b: a @ b)


def test_op_without_kernel_is_an_error_that_says_what_to_do():
    with pytest.raises(LookupError, match="register_kernel"):
        mt.op("Hadamard", 1.0)


def test_tensor_refuses_iteration_and_names_the_op_to_use():
    with pytest.raises(TypeError, match="unstack"):
        list(mt.constant([1.0, 2.0]))


def test_new_op_needs_a_kernel_and_a_gradient_and_no_more():
    @mt.register_kernel("Cube")
    def _(x):
        return x**3

    @mt.register_gradient("Cube")
    def _(op, grad):
        return grad * 3.0 * mt.square(op.inputs[0])

    assert mt.check_gradient(lambda x: mt.op("Cube", x), [np.float64([1, -2])]) < 1e-5


@pytest.mark.parametrize(
    "structure", [1, [1, 2], (1, [2, (3,)]), {"b": 1, "a": [2, 3]}, []]
)
def test_nested_structures_flatten_as_tensorflows_do(structure):
    flat = nest.flatten(structure)
    assert flat == tf.nest.flatten(structure)
    doubled = [2 * leaf for leaf in flat]
    theirs = tf.nest.pack_sequence_as(structure, doubled)
    assert nest.pack_sequence_as(structure, doubled) == theirs
