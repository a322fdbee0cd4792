"""The miniature's layers against Keras's."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf.keras import layer, layers
from microtf.keras.keras_tensor import KerasTensor
from microtf.keras.variable import Variable

KERAS = SimpleNamespace(
    Layer=keras.layers.Layer,
    layers=keras.layers,
    Variable=keras.Variable,
    KerasTensor=keras.KerasTensor,
    constant=tf.constant,
    function=tf.function,
    GradientTape=tf.GradientTape,
    reduce_sum=tf.reduce_sum,
    matmul=tf.matmul,
    EngineVariable=tf.Variable,
)
MICRO = SimpleNamespace(
    Layer=layer.Layer,
    layers=layers,
    Variable=Variable,
    KerasTensor=KerasTensor,
    constant=mt.constant,
    function=mt.function,
    GradientTape=mt.GradientTape,
    reduce_sum=mt.reduce_sum,
    matmul=mt.matmul,
    EngineVariable=mt.Variable,
)
LOCKED = "cannot add new elements of state"


@pytest.fixture(params=[KERAS, MICRO], ids=["keras", "microtf"])
def lib(request):
    """Keras first, the miniature second, under the same assert."""
    return request.param


def data(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def keeper(lib, fill):
    class Keeper(lib.Layer):
        def __init__(self):
            super().__init__()
            fill(self)

        def call(self, x):
            return x

    return Keeper()


PLACES = {
    "attribute": (lambda s, new: setattr(s, "a", new()), 1),
    "list": (lambda s, new: setattr(s, "a", [new(), new()]), 2),
    "list, later": (lambda s, new: (setattr(s, "a", []), s.a.append(new())), 1),
    "dictionary": (lambda s, new: setattr(s, "a", {"k": new()}), 1),
    "nested": (lambda s, new: setattr(s, "a", [[new()], (new(),)]), 2),
    "tuple": (lambda s, new: setattr(s, "a", (new(),)), 1),
    "behind its back": (lambda s, new: vars(s).update(a=new()), 0),
    "an object's": (lambda s, new: setattr(s, "a", SimpleNamespace(d=new())), 0),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ["variable", "layer"])
def test_what_a_layer_notices(lib, place, kind):
    def new():
        if kind == "variable":
            return lib.Variable(np.float32([1.0]))
        inner = lib.layers.Dense(1, use_bias=False)
        inner(lib.constant(data(1, 1)))
        return inner

    fill, expected = PLACES[place]
    assert len(keeper(lib, lambda s: fill(s, new)).variables) == expected


def test_a_variable_of_the_engine_is_not_noticed(lib):
    found = keeper(lib, lambda s: setattr(s, "w", lib.EngineVariable([1.0])))
    assert found.variables == []


def test_what_is_taken_out_is_forgotten_and_what_is_replaced_is_not(lib):
    kept = keeper(lib, lambda s: setattr(s, "a", lib.Variable(np.float32([1.0]))))
    kept.a = lib.Variable(np.float32([1.0, 2.0]))
    assert [tuple(v.shape) for v in kept.variables] == [(1,), (2,)]
    kept.b = [lib.Variable(np.float32([0.0])) for _ in range(3)]
    kept.b.pop()
    assert len(kept.variables) == 4
    kept.b.clear()
    kept.c = {"k": lib.Variable(np.float32([0.0]))}
    kept.c.pop("k")
    assert len(kept.variables) == 2


def test_own_weights_come_first_and_frozen_ones_last(lib):
    class Late(lib.Layer):
        def __init__(self):
            super().__init__()
            self.inner = lib.layers.Dense(1)

        def build(self, shape):
            self.inner.build(shape)
            self.n = self.add_weight(shape=(), trainable=False, name="n")
            self.t = self.add_weight(shape=(), initializer="ones", name="t")

        def call(self, x):
            return self.inner(x)

    late = Late()
    late(lib.constant(data(2, 3)))
    names = [v.path.split("/")[-1] for v in late.weights]
    assert names == ["t", "n", "kernel", "bias"]


def test_seeds_are_variables_and_no_weights(lib):
    dropout = lib.layers.Dropout(0.5, seed=1)
    dropout(lib.constant(data(2, 3)), training=True)
    assert dropout.weights == [] and len(dropout.variables) == 1
    assert len(dropout.non_trainable_variables) == 1 and dropout.get_weights() == []


def test_a_thawed_layer_trains_what_it_trained_before(lib):
    norm = lib.layers.BatchNormalization()
    norm(lib.constant(data(2, 3)))
    for trainable in (False, True):
        norm.trainable = trainable
    assert len(norm.trainable_variables) == len(norm.non_trainable_variables) == 2


def test_the_run_that_builds_changes_no_variable(lib):
    class Counting(lib.Layer):
        def __init__(self):
            super().__init__()
            self.calls = lib.Variable(0.0, trainable=False)
            self.inner = lib.layers.Dense(1)

        def call(self, x):
            self.calls.assign_add(1.0)
            return self.inner(x)

    counting = Counting()
    counting(lib.constant(data(2, 3)))
    assert float(counting.calls.numpy()) == 1.0


def test_weights_are_made_at_the_first_call(lib):
    dense = lib.layers.Dense(4)
    assert dense.variables == [] and not dense.built
    dense(lib.constant(data(2, 3)))
    assert dense.built
    assert [tuple(v.shape) for v in dense.variables] == [(3, 4), (4,)]


def test_building_by_hand_builds_once_and_locks(lib):
    class Wider(lib.layers.Dense):
        def build(self, shape):
            super().build(shape)
            self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

        def call(self, x):
            return super().call(x) * self.scale

    wider = Wider(4)
    wider.build((None, 3))
    wider(lib.constant(data(2, 3)))
    assert wider.built and len(wider.variables) == 3
    with pytest.raises(ValueError, match=LOCKED):
        wider.another = lib.Variable(np.float32([1.0]))


def test_a_symbolic_call_builds_as_well(lib):
    dense = lib.layers.Dense(4, "relu")
    output = dense(lib.KerasTensor((None, 3)))
    assert tuple(output.shape) == (None, 4) and len(dense.variables) == 2
    assert output._keras_history.operation is dense


def test_no_state_after_it_is_built(lib):
    dense = lib.layers.Dense(4)
    dense(lib.constant(data(2, 3)))
    with pytest.raises(ValueError, match=LOCKED):
        dense.another = lib.Variable(np.float32([1.0]))


def test_an_input_of_another_length_is_refused(lib):
    dense = lib.layers.Dense(4)
    dense(lib.constant(data(2, 3)))
    with pytest.raises(ValueError, match=r"(?i)incompatible with the layer"):
        dense(lib.constant(data(2, 5)))


def test_a_number_is_no_positional_argument(lib):
    class Shift(lib.Layer):
        def call(self, x, by=0.0):
            return x + by

    x = lib.constant(data(2))
    np.testing.assert_allclose(Shift()(x, by=1.0), data(2) + 1.0)
    with pytest.raises(ValueError, match="keyword argument"):
        Shift()(x, "by")


def test_layers_compute_the_same(lib):
    x, kernel, bias = data(5, 3), data(3, 4), data(4)
    functions = {"relu": lambda y: np.maximum(y, 0), "tanh": np.tanh}
    for activation, function in functions.items():
        dense = lib.layers.Dense(4, activation)
        dense(lib.constant(x))
        dense.set_weights([kernel, bias])
        found = np.asarray(dense(lib.constant(x)))
        np.testing.assert_allclose(found, function(x @ kernel + bias), rtol=1e-5)
    flat = lib.layers.Flatten()(lib.constant(data(2, 3, 4)))
    np.testing.assert_allclose(flat, data(2, 3, 4).reshape(2, 12))
    pair = [lib.constant(data(2, 3)), lib.constant(data(2, 3))]
    np.testing.assert_allclose(lib.layers.Add()(pair), 2 * data(2, 3))
    assert tuple(lib.layers.Concatenate()(pair).shape) == (2, 6)


def test_training_comes_from_the_outermost_call(lib):
    seen = []

    class Probe(lib.Layer):
        def call(self, x, training=False):
            seen.append(bool(training))
            return x

    class Outer(lib.Layer):
        def __init__(self):
            super().__init__()
            self.probe = Probe()

        def call(self, x):
            return self.probe(x)

    x, outer = lib.constant(data(2, 3)), Outer()
    outer(x)
    seen.clear()
    for options in ({}, {"training": True}, {"training": False}, {}):
        outer(x, **options)
    Probe()(x, training=True)
    assert seen == [False, True, False, False, True]


def test_an_inner_argument_stays_for_the_rest_of_the_outer_call(lib):
    seen = []

    class Probe(lib.Layer):
        def call(self, x, training=False):
            seen.append(bool(training))
            return x

    class Outer(lib.Layer):
        def __init__(self):
            super().__init__()
            self.probe = Probe()

        def call(self, x):
            return self.probe(self.probe(x, training=False))

    outer = Outer()
    outer(lib.constant(data(2, 3)))
    seen.clear()
    outer(lib.constant(data(2, 3)), training=True)
    assert seen == [False, False]  # the second was not asked to


@pytest.mark.parametrize("traced", [False, True], ids=["eager", "traced"])
def test_batch_normalization_learns_in_training_alone(lib, traced):
    norm, x = lib.layers.BatchNormalization(momentum=0.9), data(16, 3) + 2.0
    norm(lib.constant(x))
    before = norm.get_weights()

    def run(x, training):
        return norm(x, training=training)

    run = lib.function(run) if traced else run
    run(lib.constant(x), False)
    for value, old in zip(norm.get_weights(), before, strict=True):
        np.testing.assert_array_equal(value, old)
    output = np.asarray(run(lib.constant(x), True))
    np.testing.assert_allclose(output.mean(0), 0.0, atol=1e-5)
    expected = [0.1 * x.mean(0), 0.9 + 0.1 * x.var(0)]
    for value, want in zip(norm.get_weights()[2:], expected, strict=True):
        np.testing.assert_allclose(value, want, rtol=1e-4)


def test_a_stateless_call_changes_nothing(lib):
    norm, x = lib.layers.BatchNormalization(momentum=0.5), data(16, 3) + 2.0
    norm(lib.constant(x))
    before = norm.get_weights()
    trainable = [v.value for v in norm.trainable_variables]
    others = [lib.constant(np.float32(v.numpy())) for v in norm.non_trainable_variables]
    if lib is KERAS:
        call = norm.stateless_call
        _, after = call(trainable, others, lib.constant(x), training=True)
    else:
        states = [*trainable, *others]
        _, after = norm.stateless_call(states, lib.constant(x), training=True)
        after = after[2:]
    np.testing.assert_allclose(np.asarray(after[0]), 0.5 * x.mean(0), rtol=1e-4)
    for value, old in zip(norm.get_weights(), before, strict=True):
        np.testing.assert_array_equal(value, old)


@pytest.mark.parametrize("traced", [False, True], ids=["eager", "traced"])
def test_dropout_draws_anew_at_each_call(lib, traced):
    dropout = lib.layers.Dropout(0.5, seed=1)
    run = (lambda x: dropout(x, training=True)) if not traced else None
    if traced:

        @lib.function
        def run(x):
            return dropout(x, training=True)

    x = lib.constant(np.ones((8, 8), np.float32))
    first, second = np.asarray(run(x)), np.asarray(run(x))
    assert set(np.unique(first)) == {0.0, 2.0}
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(dropout(x, training=False), np.ones((8, 8)))


def test_frozen_weights_are_seen_by_no_optimizer(lib):
    dense = lib.layers.Dense(4)
    dense(lib.constant(data(2, 3)))
    dense.trainable = False
    assert dense.trainable_variables == [] and len(dense.variables) == 2
    assert len(dense.non_trainable_variables) == 2
    dense.trainable = True
    assert len(dense.trainable_variables) == 2


def test_a_gradient_reaches_the_weights(lib):
    x, kernel = data(5, 3), data(3, 4)
    dense = lib.layers.Dense(4, use_bias=False)
    dense(lib.constant(x))
    dense.set_weights([kernel])
    with lib.GradientTape() as tape:
        loss = lib.reduce_sum(dense(lib.constant(x)))
    (slope,) = tape.gradient(loss, [v.value for v in dense.trainable_variables])
    np.testing.assert_allclose(slope, np.tile(x.sum(0)[:, None], (1, 4)), rtol=1e-5)


def test_terms_of_the_loss_are_those_of_the_last_call(lib):
    class Penalty(lib.Layer):
        def call(self, x):
            self.add_loss(lib.reduce_sum(x))
            return x

    class Outer(lib.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Penalty()

        def call(self, x):
            return self.inner(x)

    outer = Outer()
    for scale in (1.0, 2.0):
        outer(lib.constant(np.full((2, 2), scale, np.float32)))
    assert [float(term) for term in outer.losses] == [8.0]
