"""The miniature's graphs of calls against Keras's."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf import keras as mk

KERAS = SimpleNamespace(
    KerasTensor=keras.KerasTensor,
    Input=keras.Input,
    Layer=keras.layers.Layer,
    layers=keras.layers,
    ops=keras.ops,
    Function=keras.Function,
    Functional=keras.Model,
    clone_model=keras.models.clone_model,
    shape=lambda x, axis: keras.ops.shape(x)[axis],
    function=tf.function,
    engine_abs=tf.abs,
    constant=tf.constant,
)
MICRO = SimpleNamespace(
    KerasTensor=mk.KerasTensor,
    Input=mk.Input,
    Layer=mk.Layer,
    layers=mk.layers,
    ops=mk.ops,
    Function=mk.Function,
    Functional=mk.Functional,
    clone_model=mk.clone_model,
    shape=lambda x, axis: x.shape[axis],
    function=mt.function,
    engine_abs=mt.math_ops.abs,
    constant=mt.constant,
)


@pytest.fixture(params=[KERAS, MICRO], ids=["keras", "microtf"])
def lib(request):
    """Keras first, the miniature second, under the same assert."""
    return request.param


def data(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def same(one, two):
    np.testing.assert_allclose(np.asarray(one), np.asarray(two), rtol=1e-5, atol=1e-6)


def two_ways(lib):
    """Return a model with one shared layer and two ways of different length."""
    inputs = lib.Input((3,), name="x")
    shared = lib.layers.Dense(3, name="shared")
    short = shared(inputs)
    long = shared(lib.layers.Activation("relu", name="relu")(short))
    total = lib.layers.Add(name="add")([short, long])
    outputs = lib.layers.Dense(2, name="out")(total)
    return lib.Functional(inputs, outputs)


def test_a_symbolic_call_leaves_history_and_a_node(lib):
    inputs = lib.Input((3,))
    dense = lib.layers.Dense(2)
    outputs = dense(inputs)
    assert tuple(outputs.shape) == (None, 2)
    operation, node_index, tensor_index = outputs._keras_history
    assert operation is dense and (node_index, tensor_index) == (0, 0)
    node = dense._inbound_nodes[0]
    assert node.input_tensors == [inputs] and node.output_tensors == [outputs]
    assert not node.is_input and node.parent_nodes[0].is_input
    assert inputs._keras_history.operation._outbound_nodes == [node]


def test_a_layer_called_twice_has_two_nodes_and_one_set_of_weights(lib):
    model = two_ways(lib)
    shared = model.get_layer("shared")
    assert len(shared._inbound_nodes) == 2
    assert [v.path.split("/", 1)[1] if "/" in v.path else v.path for v in model.weights]
    assert model.count_params() == (3 * 3 + 3) + (3 * 2 + 2)
    assert len(model.layers) == 5


def test_operations_are_sorted_by_depth(lib):
    names = [operation.name for operation in two_ways(lib)._operations]
    assert names == ["x", "shared", "relu", "add", "out"]


def test_heads_come_in_the_order_of_the_outputs(lib):
    inputs = lib.Input((3,), name="x")
    trunk = lib.layers.Dense(3, name="trunk")(inputs)
    first = lib.layers.Dense(1, name="z_first")(trunk)
    second = lib.layers.Dense(2, name="a_second")(trunk)
    model = lib.Functional(inputs, [first, second])
    names = [operation.name for operation in model._operations]
    assert names == ["x", "trunk", "z_first", "a_second"]
    assert list(model.output_names) == ["z_first", "a_second"]


def test_both_libraries_compute_the_same_with_the_same_weights():
    models = [two_ways(lib) for lib in (KERAS, MICRO)]
    models[1].set_weights(models[0].get_weights())
    same(models[0](data(4, 3)), models[1](data(4, 3)))


def test_a_model_can_be_traced(lib):
    model = two_ways(lib)
    same(lib.function(lambda x: model(x))(lib.constant(data(4, 3))), model(data(4, 3)))


def test_depth_is_the_longest_way_to_an_output(lib):
    depths = {
        depth: [node.operation.name for node in nodes]
        for depth, nodes in two_ways(lib)._nodes_by_depth.items()
    }
    chain = ["out", "add", "shared", "relu", "shared", "x"]
    assert depths == {depth: [name] for depth, name in enumerate(chain)}


def test_all_nodes_of_an_operation_are_as_deep_as_the_deepest(lib):
    first, second = lib.Input((3,), name="a"), lib.Input((3,), name="b")
    shared = lib.layers.Dense(3, name="shared")
    deep = lib.layers.Activation("tanh", name="late")(shared(second))
    model = lib.Functional(
        [first, second], lib.layers.Add(name="add")([shared(first), deep])
    )
    depths = {
        node.operation.name: depth
        for depth, nodes in model._nodes_by_depth.items()
        for node in nodes
    }
    assert depths == {"add": 0, "late": 1, "shared": 2, "a": 3, "b": 3}


def test_depths_equal_keras():
    both = [
        {
            depth: [node.operation.name for node in nodes]
            for depth, nodes in two_ways(lib)._nodes_by_depth.items()
        }
        for lib in (KERAS, MICRO)
    ]
    assert both[0] == both[1]


def test_outputs_that_need_another_input_are_refused(lib):
    one, other = lib.Input((3,)), lib.Input((3,))
    outputs = lib.layers.Add()([one, other])
    with pytest.raises(ValueError, match="connected"):
        lib.Functional(one, outputs)


def test_a_call_that_returns_its_argument_is_a_cycle(lib):
    class Same(lib.Layer):
        def call(self, x):
            return x

        def compute_output_spec(self, x):
            return x

    x = lib.Input((3,))
    with pytest.raises(ValueError, match="part of a cycle"):
        lib.Functional(x, Same()(lib.layers.Dense(3)(x)))


def test_two_layers_of_one_name_are_refused(lib):
    inputs = lib.Input((3,))
    outputs = lib.layers.Dense(3, name="d")(lib.layers.Dense(3, name="d")(inputs))
    with pytest.raises(ValueError, match="should be unique"):
        lib.Functional(inputs, outputs)


def test_an_input_that_nobody_needs_is_a_layer_all_the_same(lib):
    one, other = lib.Input((3,), name="one"), lib.Input((2,), name="other")
    model = lib.Functional([one, other], lib.layers.Dense(1, name="d")(one))
    assert {layer.name for layer in model.layers} == {"one", "other", "d"}
    assert tuple(model([data(4, 3), data(4, 2)]).shape) == (4, 1)


def test_functions_of_the_engine_refuse_symbolic_tensors(lib):
    with pytest.raises(ValueError, match="KerasTensor cannot be used as input"):
        lib.engine_abs(lib.Input((3,)))


def test_ops_and_operators_record_themselves(lib):
    x = lib.Input((3,))
    outputs = lib.ops.relu(2.0 * x - 1.0) / (lib.ops.abs(x) + 1.0)
    model = lib.Functional(x, lib.ops.sum(outputs, axis=-1))
    values = data(4, 3)
    wanted = np.maximum(2 * values - 1, 0) / (np.abs(values) + 1)
    same(model(values), wanted.sum(-1))
    assert len(model._operations) == 8 and len(model.layers) == 1


def test_ops_compute_on_values(lib):
    same(lib.ops.relu(lib.constant([-1.0, 2.0])), [0.0, 2.0])
    same(lib.ops.concatenate([data(2, 3), data(2, 1)], axis=-1).shape, (2, 4))
    same(lib.ops.matmul(data(2, 3), data(3, 2)), data(2, 3) @ data(3, 2))


def test_python_in_call_runs_in_a_model_as_it_stands(lib):
    class Switch(lib.Layer):
        sign = 1.0

        def call(self, x):
            return x * self.sign

    switch = Switch()
    x = lib.Input((3,))
    model = lib.Functional(x, switch(x))
    same(model(data(2, 3)), data(2, 3))
    switch.sign = -1.0
    same(model(data(2, 3)), -data(2, 3))


def test_python_between_calls_is_gone(lib):
    x, sign = lib.Input((3,)), 1.0
    model = lib.Functional(x, x * sign)
    sign = -1.0
    same(model(data(2, 3)), data(2, 3))
    assert sign == -1.0


def chain(lib):
    inputs = lib.Input((3,), name="x")
    hidden = lib.layers.Dense(4, name="first")(inputs)
    middle = lib.layers.Activation("tanh", name="middle")(hidden)
    return lib.Functional(inputs, lib.layers.Dense(2, name="last")(middle))


def test_a_cut_shares_weights_and_records_the_calls_again(lib):
    model = chain(lib)
    first, middle, last = (model.get_layer(n) for n in ("first", "middle", "last"))
    half = lib.Functional(middle.input, model.output)
    assert [len(x._inbound_nodes) for x in (first, middle, last)] == [1, 2, 2]
    same(half(first(data(4, 3))), model(data(4, 3)))
    assert half.get_layer("last") is last and len(half.weights) == 2
    assert [layer.name for layer in half.layers[1:]] == ["middle", "last"]


def test_a_cut_across_a_way_around_is_refused(lib):
    model = two_ways(lib)
    with pytest.raises(ValueError, match="connected"):
        lib.Functional(model.get_layer("relu").output, model.output)


def test_a_cut_behind_a_layer_that_is_called_again(lib):
    model = two_ways(lib)
    short = model.get_layer("relu").input  # what "shared" returned the first time
    if lib is KERAS:  # takes the second call of "shared" for the new input, too
        with pytest.raises(ValueError, match="not connected"):
            lib.Functional(short, model.output)
    else:
        half = lib.Functional(short, model.output)
        same(half(model.get_layer("shared")(data(4, 3))), model(data(4, 3)))


def test_an_inner_tensor_can_be_an_output(lib):
    model = two_ways(lib)
    features = lib.Functional(model.input, model.get_layer("add").output)
    same(model.get_layer("out")(features(data(4, 3))), model(data(4, 3)))


def test_a_model_is_a_layer_of_another(lib):
    inner = two_ways(lib)
    x = lib.Input((3,))
    outer = lib.Functional(x, lib.layers.Dense(1)(inner(x)))
    assert tuple(outer(data(4, 3)).shape) == (4, 1)
    assert len(outer.weights) == len(inner.weights) + 2
    # Called on another length of the batch, the inner graph is asked again.
    fixed = lib.Input((3,), batch_size=7)
    assert tuple(inner(fixed).shape) == (7, 2)


def test_a_clone_has_weights_of_its_own_unless_layers_are_shared(lib):
    model = two_ways(lib)
    copy = lib.clone_model(model)
    assert not {id(v) for v in copy.weights} & {id(v) for v in model.weights}
    copy.set_weights(model.get_weights())
    same(copy(data(4, 3)), model(data(4, 3)))
    shared = lib.clone_model(model, clone_function=lambda layer: layer)
    assert [id(v) for v in shared.weights] == [id(v) for v in model.weights]
    assert len(copy.get_layer("shared")._inbound_nodes) == 2


def test_the_mode_of_the_run_replaces_the_recorded_one(lib):
    x = lib.Input((50,))
    dropped = lib.layers.Dropout(0.5, seed=1)(x, training=False)
    model = lib.Functional(x, dropped)
    ones = np.ones((2, 50), np.float32)
    assert np.any(np.asarray(model(ones, training=True)) == 0)
    assert np.all(np.asarray(model(ones)) == 1)


def test_call_runs_once_for_each_symbolic_call(lib):
    seen = []

    class Spy(lib.Layer):
        def build(self, input_shape):
            pass

        def call(self, x):
            seen.append(type(x).__name__)
            return x

    x = lib.Input((3,))
    spy = Spy()
    model = lib.Functional(x, spy(spy(x)))
    assert seen == ["SymbolicTensor"] * 2
    model(data(2, 3))
    assert len(seen) == 4 and "Symbolic" not in seen[-1]


def test_unknown_lengths_stay_unknown(lib):
    x = lib.Input((None, 3))
    assert tuple(lib.layers.Dense(2)(x).shape) == (None, None, 2)
    assert tuple(lib.ops.sum(x, axis=1).shape) == (None, 3)
    assert tuple((x + lib.Input((5, 1))).shape) == (None, 5, 3)


def test_a_call_that_asks_for_a_value_cannot_be_inferred(lib):
    class Asks(lib.Layer):
        def build(self, input_shape):
            pass

        def call(self, x):
            return float(lib.ops.sum(x)) * x

    with pytest.raises(Exception, match="infer"):
        Asks()(lib.Input((3,)))


def test_a_spec_of_its_own_stands_in_for_call(lib):
    class Tells(lib.Layer):
        def call(self, x):
            raise AssertionError("not while the model is made")

        def compute_output_spec(self, x):
            return lib.KerasTensor((x.shape[0], 9))

    x = lib.Input((3,))
    model = lib.Functional(x, Tells()(x))
    assert tuple(model.outputs[0].shape) == (None, 9)
    with pytest.raises(AssertionError):
        model(data(2, 3))


def test_inputs_by_name_and_by_place_and_of_another_rank(lib):
    b, a = lib.Input((3,), name="b"), lib.Input((1,), name="a")
    model = lib.Functional([b, a], lib.ops.multiply(b, a))
    by_place = model([data(4, 3), data(4, 1)])
    same(model({"b": data(4, 3), "a": data(4, 1)}), by_place)
    same(model([data(4, 3), data(4, 1)[:, 0]]), by_place)
    with pytest.raises(ValueError, match=r"incompatible|expected shape"):
        model([data(4, 2), data(4, 1)])


def test_a_function_has_no_weights_and_needs_no_input_layer(lib):
    x = lib.KerasTensor((None, 3))
    function = lib.Function(x, lib.ops.exp(x) + 1.0)
    same(function(data(2, 3)), np.exp(data(2, 3)) + 1)
    assert not hasattr(function, "weights")


def test_symbolic_tensors_have_no_value(lib):
    x = lib.Input((3,))
    for ask, error in ((bool, TypeError), (iter, NotImplementedError)):
        with pytest.raises(error):
            ask(x)
    with pytest.raises(ValueError, match="KerasTensor"):
        np.asarray(x)
