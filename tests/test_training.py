"""The miniature's `fit` against Keras's: histories, hooks, traces, stale settings."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf.keras import adam, callbacks, layers, losses, metrics, sgd
from microtf.keras.layer import Layer
from microtf.keras.trainer import Trainer


class MicroModel(Trainer, Layer):
    """The part of the miniature's Model that these tests need."""


KERAS = SimpleNamespace(
    Model=keras.Model,
    layers=keras.layers,
    losses=keras.losses,
    metrics=keras.metrics,
    Callback=keras.callbacks.Callback,
    SGD=keras.optimizers.SGD,
    Adam=keras.optimizers.Adam,
    quiet={"verbose": 0},
    GradientTape=tf.GradientTape,
    values=list,
)
MICRO = SimpleNamespace(
    Model=MicroModel,
    layers=layers,
    losses=losses,
    metrics=metrics,
    Callback=callbacks.Callback,
    SGD=sgd.SGD,
    Adam=adam.Adam,
    quiet={},
    GradientTape=mt.GradientTape,
    values=lambda variables: [variable.value for variable in variables],
)

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(50, 4)).astype(np.float32)
Y = RANDOM.integers(0, 3, 50)
WEIGHTS = RANDOM.uniform(0, 2, 50).astype(np.float32)
KERNELS = [
    RANDOM.normal(size=shape, scale=0.5).astype(np.float32)
    for shape in [(4, 8), (8,), (8, 3), (3,)]
]


@pytest.fixture(params=[KERAS, MICRO], ids=["keras", "microtf"])
def lib(request):
    """Keras first, the miniature second, under the same assert."""
    return request.param


def network(lib):
    """Return a network with two layers, and the same weights in both libraries."""

    class Network(lib.Model):
        def __init__(self):
            super().__init__()
            self.body = lib.layers.Dense(8, "relu")
            self.head = lib.layers.Dense(3)
            self.calls = []  # one entry for each time that Python runs

        def call(self, inputs, training=False):
            self.calls.append(training)
            return self.head(self.body(inputs))

    model = Network()
    model(X[:1])
    model.set_weights(KERNELS)
    model.calls.clear()
    return model


def compiled(lib, optimizer=None, **options):
    model = network(lib)
    model.compile(
        optimizer or lib.Adam(0.05),
        lib.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        weighted_metrics=[lib.metrics.SparseCategoricalAccuracy(name="weighted")],
        **options,
    )
    return model


def fit(lib, model, batch_size=8, epochs=3, **options):
    arguments = {"shuffle": False, **lib.quiet, **options}
    return model.fit(X, Y, batch_size, epochs, **arguments).history


COMPILED = {
    "traced": {},
    "eager": {"run_eagerly": True},
    "several steps": {"steps_per_execution": 3},
    "more steps than there are": {"steps_per_execution": 16},
}
FITTED = {
    "alone": {},
    "weighted": {"sample_weight": WEIGHTS},
    "validated": {"validation_data": (X[:11], Y[:11])},
    "validated by weight": {"validation_data": (X[:11], Y[:11], WEIGHTS[:11])},
    "every other epoch": {"validation_data": (X[:9], Y[:9]), "validation_freq": 2},
    "split": {"validation_split": 0.3},
    "equal batches": {"batch_size": 25},
    "later epochs": {"initial_epoch": 1},
}


CROSSED = [("traced", what) for what in FITTED] + [
    (how, what)
    for how in COMPILED
    for what in ("weighted", "validated", "split")
    if how != "traced"
]


@pytest.mark.parametrize(("how", "what"), CROSSED)
def test_history_is_that_of_keras(how, what):
    theirs, mine = (
        fit(lib, compiled(lib, **COMPILED[how]), **FITTED[what])
        for lib in (KERAS, MICRO)
    )
    assert list(mine) == list(theirs)
    assert theirs["loss"][-1] < theirs["loss"][0]
    for name, values in theirs.items():
        np.testing.assert_allclose(mine[name], values, rtol=2e-5, atol=2e-6)


def test_average_of_the_weights_is_what_fit_leaves():
    after = []
    for lib in (KERAS, MICRO):
        model = compiled(lib, lib.SGD(0.1, use_ema=True, ema_momentum=0.5))
        fit(lib, model)
        after.append(model.get_weights())
    for theirs, mine in zip(*after, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=2e-5, atol=2e-6)


def test_evaluate_and_single_steps_agree_in_value_and_order():
    results = []
    for lib in (KERAS, MICRO):
        model = compiled(lib)
        steps = [model.train_on_batch(X[:8], Y[:8], WEIGHTS[:8]) for _ in range(3)]
        steps += [model.test_on_batch(X[:8], Y[:8])]
        steps += [model.evaluate(X, Y, batch_size=7, **lib.quiet)]
        results.append(np.array(steps, dtype=np.float64))
    assert results[0].shape == (5, 3)
    np.testing.assert_allclose(results[1], results[0], rtol=2e-5, atol=2e-6)


def test_predictions_are_joined_in_order(lib):
    model = network(lib)
    at_once = np.asarray(model(X))
    found = model.predict(X, batch_size=7, **lib.quiet)
    np.testing.assert_allclose(found, at_once, rtol=1e-5, atol=1e-6)


def test_a_model_that_was_not_compiled_does_not_train(lib):
    with pytest.raises(ValueError, match="compile"):
        fit(lib, network(lib))


def test_python_runs_in_a_trace_and_not_in_a_step(lib):
    model = compiled(lib)
    fit(lib, model, epochs=2)
    first = len(model.calls)
    fit(lib, model, epochs=5)
    assert 0 < first <= 3 and len(model.calls) == first
    assert set(model.calls) == {True}


def test_python_runs_in_every_step_of_an_eager_model(lib):
    model = compiled(lib, run_eagerly=True)
    fit(lib, model, epochs=2, validation_data=(X[:8], Y[:8]))
    assert model.calls == 2 * (7 * [True] + [False])


def distance(model):
    """Return how far the weights of the first layer are from the start."""
    return float(np.abs(model.body.get_weights()[0] - KERNELS[0]).max())


def test_unfreezing_waits_for_the_next_compile(lib):
    model = network(lib)
    model.body.trainable = False
    loss = lib.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(lib.SGD(0.1), loss)
    fit(lib, model)
    model.body.trainable = True
    fit(lib, model)
    assert distance(model) == 0.0
    model.compile(lib.SGD(0.1), loss)
    fit(lib, model)
    assert distance(model) > 0.01


def test_freezing_waits_for_the_next_compile(lib):
    model = compiled(lib, lib.SGD(0.1))
    fit(lib, model)
    model.body.trainable, before = False, distance(model)
    fit(lib, model)
    assert distance(model) > before
    model.compile(lib.SGD(0.1), model.loss)
    before = distance(model)
    fit(lib, model)
    assert distance(model) == before


def test_freezing_between_compile_and_the_first_step_counts(lib):
    model = compiled(lib)
    model.body.trainable = False
    fit(lib, model)
    assert distance(model) == 0.0


def test_a_new_loss_in_the_attribute_is_never_asked(lib):
    def no_loss(y_true, y_pred):
        raise AssertionError("expected the compiled loss to be used, got the attribute")

    model = compiled(lib)
    model.loss = no_loss
    fit(lib, model)


def test_run_eagerly_waits_for_the_next_trace(lib):
    model = compiled(lib)
    fit(lib, model)
    model.calls.clear()
    model.run_eagerly = True
    fit(lib, model)
    assert model.calls == []
    model.make_train_function(force=True)
    fit(lib, model, epochs=1)
    assert len(model.calls) == 7


def test_more_steps_per_execution_after_the_trace_skip_the_rest_of_the_data(lib):
    model = compiled(lib)
    fit(lib, model, epochs=1)
    before = int(model.optimizer.variables[0].numpy())
    model.steps_per_execution = 4
    fit(lib, model, epochs=1)
    assert before == 7 and int(model.optimizer.variables[0].numpy()) - before == 2


def test_hooks_are_called_in_the_same_order_with_the_same_numbers():
    def called(lib, **options):
        log = []

        class Log(lib.Callback):
            pass

        for hook in callbacks.HOOKS:

            def note(self, *args, hook=hook, **logs):
                numbers = [a for a in args if isinstance(a, int)]
                log.append((hook, *numbers))

            setattr(Log, hook, note)
        model = compiled(lib, **options)
        fit(lib, model, epochs=2, validation_data=(X[:9], Y[:9]), callbacks=[Log()])
        model.predict(X[:9], batch_size=8, callbacks=[Log()], **lib.quiet)
        return log

    for options in ({}, {"steps_per_execution": 3}):
        theirs, mine = called(KERAS, **options), called(MICRO, **options)
        assert len(theirs) > 20
        if options:  # the miniature predicts one batch at a time
            theirs, mine = (
                [c for c in x if "predict" not in c[0]] for x in (theirs, mine)
            )
        assert mine == theirs


def test_a_callback_can_end_the_training(lib):
    class Stop(lib.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch >= 3

    model = compiled(lib)
    history = fit(lib, model, callbacks=[Stop()])
    assert len(history["loss"]) == 1
    assert int(model.optimizer.variables[0].numpy()) == 4


def test_a_step_of_ones_own_keeps_metrics_and_history(lib):
    base = type(network(lib))

    class Own(base):
        def train_step(self, data):
            x, y = data
            with lib.GradientTape() as tape:
                loss = 2.0 * self.compute_loss(x, y, self(x, training=True))
            weights = self.trainable_variables
            gradients = tape.gradient(loss, lib.values(weights))
            self.optimizer.apply_gradients(zip(gradients, weights, strict=True))
            return {"mine": loss}

    model = Own()
    model(X[:1])
    model.set_weights(KERNELS)
    loss = lib.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(lib.SGD(0.1), loss)
    history = fit(lib, model, validation_data=(X, Y))
    assert list(history) == ["mine", "val_loss"]
    # The last batch has two examples; without a metric, it speaks for the epoch.
    assert history["mine"][0] > history["mine"][-1]
    assert history["val_loss"][0] > history["val_loss"][-1]


def test_shuffling_changes_the_order_and_nothing_else():
    model = compiled(MICRO, MICRO.SGD(0.0))
    histories = [
        fit(MICRO, model, shuffle=True, seed=1),
        fit(MICRO, model, shuffle=False),
    ]
    np.testing.assert_allclose(*[h["loss"] for h in histories], rtol=1e-5)
    moving = compiled(MICRO)
    assert fit(MICRO, moving, shuffle=True, seed=1) != fit(MICRO, compiled(MICRO))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sample_weight": WEIGHTS[:7]}, "same number"),
        ({"validation_split": 2.0}, "between 0 and 1"),
    ],
)
def test_data_that_do_not_fit_together_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit(MICRO, compiled(MICRO), **arguments)
