"""The miniature's checkpoints against TensorFlow's: keys, values, waiting, reports."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf import checkpoint, trackable
from microtf.keras import layers, optimizer, sgd, variable
from microtf.module import Module

TENSORFLOW = SimpleNamespace(
    Module=tf.Module,
    Variable=tf.Variable,
    Checkpoint=tf.train.Checkpoint,
    list_variables=tf.train.list_variables,
    descendants=lambda root: tf.train.TrackableView(root).descendants(),
    children=tf.train.TrackableView.children,
    constant=tf.constant,
    Layer=keras.layers.Layer,
    Dense=keras.layers.Dense,
    SGD=keras.optimizers.SGD,
    KerasVariable=keras.Variable,
)
MICRO = SimpleNamespace(
    Module=Module,
    Variable=mt.Variable,
    Checkpoint=checkpoint.Checkpoint,
    list_variables=checkpoint.list_variables,
    descendants=lambda root: [n for n, _ in checkpoint.descendants_with_paths(root)],
    children=trackable.children,
    constant=mt.constant,
    Layer=layers.Layer,
    Dense=layers.Dense,
    SGD=sgd.SGD,
    KerasVariable=variable.Variable,
)


@pytest.fixture(params=[TENSORFLOW, MICRO], ids=["tensorflow", "microtf"])
def lib(request):
    """TensorFlow first, the miniature second, under the same assert."""
    return request.param


def keys(lib, path):
    """The values' keys and shapes, without TensorFlow's bookkeeping."""
    ending = "/.ATTRIBUTES/VARIABLE_VALUE"
    pairs = lib.list_variables(path)
    return [(k.removesuffix(ending), list(s)) for k, s in pairs if k.endswith(ending)]


def tangle(lib):
    """Make lists in dictionaries, a cycle, a shared variable, and awkward names."""
    net = lib.Module()
    net.z = lib.Variable([1.0])
    net.y = lib.Module()
    net.y.w = lib.Variable([2.0, 3.0])
    net.y.back = net
    net.x = [net.z, lib.Variable(3.0), {"k": lib.Variable(4.0), "l": [1, 2]}]
    net.pair = (lib.Variable(5.0), lib.Variable(6.0))
    net.named = {"b": lib.Variable(7.0), "a/c.d": lib.Variable(8.0)}
    net.title, net.empty = "no node", []
    return net


def test_keys_are_shortest_paths_of_attribute_names(lib, tmp_path):
    net = tangle(lib)
    path = lib.Checkpoint(net=net, also=net.y).write(str(tmp_path / "c"))
    assert keys(lib, path) == [
        ("also/w", [2]),
        ("net/named/a.Sc..d", []),
        ("net/named/b", []),
        ("net/pair/0", []),
        ("net/pair/1", []),
        ("net/x/1", []),
        ("net/x/2/k", []),
        ("net/z", [1]),
    ]


def test_objects_are_numbered_breadth_first_in_the_order_of_assignment(lib):
    net = tangle(lib)
    values = [
        float(np.max(node.numpy()))
        for node in lib.descendants(lib.Checkpoint(net=net))
        if hasattr(node, "numpy")
    ]
    assert values == [1.0, 3.0, 3.0, 5.0, 6.0, 7.0, 8.0, 4.0]
    assert list(lib.children(net)) == ["z", "y", "x", "pair", "named", "empty"]


def test_values_come_back_to_the_same_places(lib, tmp_path):
    net, other = tangle(lib), tangle(lib)
    for node in lib.descendants(lib.Checkpoint(net=other)):
        if hasattr(node, "assign"):
            node.assign(node.numpy() * 0)
    path = lib.Checkpoint(net=net).write(str(tmp_path / "c"))
    lib.Checkpoint(net=other).read(path).assert_consumed()
    np.testing.assert_allclose(other.y.w.numpy(), [2.0, 3.0])
    assert float(other.x[2]["k"].numpy()) == 4.0
    assert float(other.pair[1].numpy()) == 6.0


def test_a_value_waits_for_its_variable(lib, tmp_path):
    saved = lib.Module()
    saved.inner = lib.Module()
    saved.inner.w = lib.Variable([1.0, 2.0])
    path = lib.Checkpoint(net=saved).write(str(tmp_path / "c"))

    late = lib.Module()
    status = lib.Checkpoint(net=late).read(path)
    with pytest.raises(AssertionError):
        status.assert_consumed()
    status.assert_existing_objects_matched()
    late.inner = lib.Module()
    late.inner.w = lib.Variable([0.0, 0.0])
    np.testing.assert_allclose(late.inner.w.numpy(), [1.0, 2.0])
    status.assert_consumed()


def test_what_is_appended_to_a_list_is_restored(lib, tmp_path):
    saved = lib.Module()
    saved.parts = [lib.Variable(1.0), lib.Variable(2.0)]
    path = lib.Checkpoint(net=saved).write(str(tmp_path / "c"))
    late = lib.Module()
    late.parts = []
    status = lib.Checkpoint(net=late).read(path)
    for _ in range(2):
        late.parts.append(lib.Variable(0.0))
    assert [float(v.numpy()) for v in late.parts] == [1.0, 2.0]
    status.assert_consumed()


def test_a_value_is_given_once(lib, tmp_path):
    saved = lib.Module()
    saved.w = lib.Variable(1.0)
    path = lib.Checkpoint(net=saved).write(str(tmp_path / "c"))
    late = lib.Module()
    status = lib.Checkpoint(net=late).read(path)
    late.w = lib.Variable(0.0)
    assert float(late.w.numpy()) == 1.0
    late.w = lib.Variable(0.0)
    assert float(late.w.numpy()) == 0.0
    with pytest.raises(AssertionError, match="not bound to checkpointed values"):
        status.assert_consumed()


def test_the_latest_restoration_wins(lib, tmp_path):
    saved, paths = lib.Module(), []
    saved.w = lib.Variable(0.0)
    for value in (1.0, 2.0):
        saved.w.assign(value)
        path = str(tmp_path / f"c{value}")
        paths.append(lib.Checkpoint(net=saved).write(path))
    late = lib.Module()
    root = lib.Checkpoint(net=late)
    statuses = [root.read(path) for path in paths]
    late.w = lib.Variable(0.0)
    assert float(late.w.numpy()) == 2.0
    for status in statuses:
        status.assert_consumed()


def test_a_new_name_matches_nothing(lib, tmp_path):
    saved, renamed = lib.Module(), lib.Module()
    saved.bias, renamed.offset = lib.Variable(1.0), lib.Variable(0.0)
    path = lib.Checkpoint(net=saved).write(str(tmp_path / "c"))
    status = lib.Checkpoint(net=renamed).read(path)
    assert float(renamed.offset.numpy()) == 0.0
    with pytest.raises(AssertionError, match="Found 1 Python objects"):
        status.assert_existing_objects_matched()


def test_an_item_inserted_in_front_moves_all_values(lib, tmp_path):
    saved, longer = lib.Module(), lib.Module()
    saved.parts = [lib.Variable(1.0), lib.Variable(2.0)]
    longer.parts = [lib.Variable(0.0) for _ in range(3)]
    path = lib.Checkpoint(net=saved).write(str(tmp_path / "c"))
    lib.Checkpoint(net=longer).read(path)
    assert [float(v.numpy()) for v in longer.parts] == [1.0, 2.0, 0.0]


def test_another_shape_is_an_error(lib, tmp_path):
    saved, longer = lib.Module(), lib.Module()
    saved.w, longer.w = lib.Variable([1.0]), lib.Variable([1.0, 2.0])
    path = lib.Checkpoint(net=saved).write(str(tmp_path / "c"))
    with pytest.raises(ValueError, match="incompatible tensor with shape"):
        lib.Checkpoint(net=longer).read(path)


def test_a_part_of_the_graph_can_be_restored_alone(lib, tmp_path):
    path = lib.Checkpoint(net=tangle(lib)).write(str(tmp_path / "c"))
    wanted = lib.Variable([0.0, 0.0])
    part = lib.Checkpoint(net=lib.Checkpoint(y=lib.Checkpoint(w=wanted)))
    status = part.read(path)
    np.testing.assert_allclose(wanted.numpy(), [2.0, 3.0])
    status.assert_existing_objects_matched()
    with pytest.raises(AssertionError, match="Unresolved object"):
        status.assert_consumed()


def test_any_path_that_led_to_a_value_leads_back(lib, tmp_path):
    # The key is the shortest path, but the file knows all edges.
    shared = lib.Module()
    shared.w = lib.Variable(3.0)
    far = lib.Module()
    far.away = shared
    path = lib.Checkpoint(near=shared, far=far).write(str(tmp_path / "c"))
    assert keys(lib, path) == [("near/w", [])]
    other = lib.Module()
    other.away = lib.Module()
    other.away.w = lib.Variable(0.0)
    lib.Checkpoint(far=other).read(path).assert_consumed()
    assert float(other.away.w.numpy()) == 3.0


def test_a_raw_variable_is_in_the_checkpoint_and_not_in_the_layer(lib, tmp_path):
    class CourseDense(lib.Layer):
        def build(self, input_shape):
            shape = (input_shape[-1], 2)
            self.w = lib.Variable(np.ones(shape, np.float32))
            self.b = self.add_weight(shape=(2,), initializer="zeros", name="b")

        def call(self, inputs):
            return inputs

    layer = CourseDense()
    layer(lib.constant([[1.0, 2.0, 3.0]]))
    assert [v.name for v in layer.variables] == ["b"]
    path = lib.Checkpoint(layer=layer).write(str(tmp_path / "c"))
    assert [key for key, _ in keys(lib, path)] == ["layer/b", "layer/w"]


def test_a_layer_is_restored_when_it_is_built(lib, tmp_path):
    x = lib.constant([[1.0, 2.0, 3.0]])
    saved, late = lib.Dense(2), lib.Dense(2)
    expected = saved(x).numpy()
    path = lib.Checkpoint(layer=saved).write(str(tmp_path / "c"))
    status = lib.Checkpoint(layer=late).read(path)
    np.testing.assert_allclose(late(x).numpy(), expected)
    status.assert_consumed()


def test_slots_are_restored_when_they_are_made(lib, tmp_path):
    weights = [lib.KerasVariable(np.float32([1.0, 2.0])) for _ in range(2)]
    saved, late = (lib.SGD(0.1, momentum=0.5) for _ in range(2))
    gradients = [lib.constant([1.0, 2.0]), lib.constant([3.0, 4.0])]
    saved.apply(gradients, weights)
    roots = {"weights": weights}
    path = lib.Checkpoint(optimizer=saved, **roots).write(str(tmp_path / "c"))
    status = lib.Checkpoint(optimizer=late, **roots).read(path)
    late.build(weights)
    for expected, found in zip(saved.variables, late.variables, strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy())
    status.assert_consumed()
    found = [key for key, _ in keys(lib, path)]
    assert {"optimizer/_iterations", "optimizer/_learning_rate"} < set(found)
    assert "weights/0" in found  # found by the shorter path


def test_an_optimizer_leads_to_the_weights(lib, tmp_path):
    weight, optimizer = lib.KerasVariable(np.float32([1.0])), lib.SGD(0.1)
    optimizer.build([weight])
    path = lib.Checkpoint(optimizer=optimizer).write(str(tmp_path / "c"))
    assert ("optimizer/_trainable_variables/0", [1]) in keys(lib, path)


def test_the_optimizer_of_the_miniature_keeps_plain_lists_for_its_users():
    assert isinstance(optimizer.Optimizer(0.1).variables, list)
