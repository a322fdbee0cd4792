"""The course's loops for real: four ways to run one step, and a step that is new."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from insidetf import data, training

LOOPS = (training.EagerLoop, training.StepLoop, training.EpochLoop)


@pytest.fixture(scope="module")
def batches():
    """Return datasets for training and validation, with a short last batch."""
    (x, y), (x_test, y_test) = data.breast_cancer_arrays()
    slices = tf.data.Dataset.from_tensor_slices
    return slices((x[:200], y[:200])).batch(32), slices((x_test, y_test)).batch(50)


def network(cls=keras.Model, **options):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((30,))
    hidden = keras.layers.Dense(16, "relu", kernel_regularizer="l2")(inputs)
    hidden = keras.layers.BatchNormalization()(hidden)
    hidden = keras.layers.Dropout(0.2, seed=1)(hidden)
    return cls(inputs, keras.layers.Dense(1)(hidden), **options)


def cross_entropy():
    return keras.losses.BinaryCrossentropy(from_logits=True)


def accuracy():
    return keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)


def by_fit(model, batches, *callbacks, epochs=2):
    train, validation = batches
    model.compile(keras.optimizers.Adam(0.01), cross_entropy(), metrics=[accuracy()])
    return model.fit(
        train,
        epochs=epochs,
        validation_data=validation,
        callbacks=list(callbacks),
        shuffle=False,  # the default would warn that a dataset is not shuffled
        verbose=0,
    ).history


def by_loop(cls, batches, **options):
    optimizer = keras.optimizers.Adam(0.01)
    loop = cls(network(), optimizer, cross_entropy(), [accuracy()], **options)
    loop.fit(*batches[:1], epochs=2, validation_data=batches[1])
    return loop


@pytest.fixture(scope="module")
def expected(batches):
    """Return the history of Keras's own step."""
    return by_fit(network(), batches)


@pytest.mark.parametrize("cls", LOOPS)
def test_a_loop_of_ones_own_has_the_history_of_fit(cls, batches, expected):
    history = by_loop(cls, batches).history
    assert sorted(history) == sorted(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5, atol=1e-6)


def test_all_versions_lose_the_same_in_every_step(batches):
    own, told = network(training.StepModel), training.StepLosses()
    by_fit(own, batches, told)
    versions = [by_loop(cls, batches).step_losses for cls in LOOPS]
    for losses in [*versions, told.step_losses]:
        assert [len(epoch) for epoch in losses] == [7, 7]
        np.testing.assert_allclose(losses, versions[0], rtol=1e-5)
    assert np.mean(versions[0][1]) < np.mean(versions[0][0])


def test_a_step_of_ones_own_has_the_history_of_fit(batches, expected):
    history = by_fit(network(training.StepModel), batches)
    assert set(history) - set(expected) == {"step_loss"}
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5, atol=1e-6)


def test_a_step_compiled_by_xla_loses_about_the_same(batches):
    def plain():
        keras.utils.set_random_seed(0)
        layers = [keras.layers.Dense(8, "relu"), keras.layers.Dense(1)]
        return keras.Sequential([keras.Input((30,)), *layers])

    losses = []
    for jit in (None, True):
        optimizer = keras.optimizers.SGD(0.1)
        loop = training.StepLoop(plain(), optimizer, cross_entropy(), jit_compile=jit)
        loop.fit(batches[0])
        losses.append(loop.step_losses[0])
    np.testing.assert_allclose(*losses, rtol=1e-4)


def test_a_traced_loop_runs_python_once_for_all_batches(batches):
    calls = []

    class Counting(training.EpochLoop):
        def train_step(self, x, y):
            calls.append(x.shape)
            return super().train_step(x, y)

    optimizer = keras.optimizers.SGD(0.1)
    loop = Counting(network(), optimizer, cross_entropy(), [accuracy()])
    loop.fit(batches[0], epochs=3)
    assert len(calls) == 1 and len(loop.step_losses) == 3


def test_an_epoch_in_the_graph_wants_to_know_its_length(batches):
    endless = batches[0].repeat()
    optimizer = keras.optimizers.SGD(0.1)
    loop = training.EpochLoop(network(), optimizer, cross_entropy())
    with pytest.raises(ValueError, match="finite length"):
        loop.fit(endless)


def test_a_frozen_layer_stays_in_a_loop_built_after_it_was_frozen(batches):
    model = network()
    model.layers[1].trainable = False
    before = model.layers[1].get_weights()
    training.StepLoop(model, keras.optimizers.SGD(0.1), cross_entropy()).fit(batches[0])
    for old, new in zip(before, model.layers[1].get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def plain_network(cls, **options):
    """Return a network without noise."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((30,))
    hidden = keras.layers.Dense(32, "relu")(inputs)
    return cls(inputs, keras.layers.Dense(1)(hidden), **options)


def attacked(model, epsilon):
    """Return the accuracy on neighbors of the test examples."""
    _, (x, y) = data.breast_cancer_arrays()
    loss = cross_entropy()
    near = training.neighbors(model, lambda p: loss(y[:, None], p), x, epsilon)
    np.testing.assert_allclose(np.abs(near - x), epsilon, atol=1e-5)
    return float(np.mean((model(near).numpy()[:, 0] > 0) == y))


def test_training_with_neighbors_makes_attacks_harder(batches):
    ordinary = plain_network(keras.Model)
    robust = plain_network(training.Adversarial, epsilon=0.5)
    for model in (ordinary, robust):
        by_fit(model, batches, epochs=25)
    assert attacked(robust, 0.5) > attacked(ordinary, 0.5) + 0.05
    assert attacked(robust, 0.0) > 0.9


def test_neighbors_at_no_distance_change_nothing(batches):
    expected = by_fit(plain_network(keras.Model), batches)
    found = by_fit(plain_network(training.Adversarial, epsilon=0.0), batches)
    np.testing.assert_allclose(found["loss"], expected["loss"], rtol=1e-5)
    with pytest.raises(ValueError, match="at least 0"):
        plain_network(training.Adversarial, epsilon=-1.0)


def test_a_race_takes_turns_and_keeps_the_shortest_time(monkeypatch):
    order, clock = [], iter(range(100))
    monkeypatch.setattr(training.time, "perf_counter", lambda: next(clock) ** 2)
    times = training.race({n: lambda n=n: order.append(n) for n in "ab"}, rounds=2)
    assert "".join(order) == "ababab"
    assert times == {"a": 1, "b": 5}
