"""Part II as a whole: one model through every chapter's piece of the miniature.

One script builds, trains, evaluates, checkpoints, and restores it, and has Keras's
losses step by step.
"""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from insidetf import data
from microtf import checkpoint as mt_checkpoint
from microtf import keras as mk

BATCH, FEATURES = 64, 10  # 354 examples: the last batch is short


@pytest.fixture(scope="module")
def table():
    """Return arrays for training and test, with weights for the training examples."""
    (x, y), (x_test, y_test) = data.diabetes_arrays()
    weights = np.random.default_rng(0).uniform(0.5, 1.5, len(x)).astype(np.float32)
    scale = np.float32(100.0)
    return x, y[:, None] / scale, weights, x_test, y_test[:, None] / scale


def build(lib):
    """Return a functional model of two paths, with a normalization on one of them."""
    inputs = lib.Input((FEATURES,))
    deep = lib.layers.Dense(8, "relu", name="deep")(inputs)
    deep = lib.layers.BatchNormalization(momentum=0.9, name="norm")(deep)
    both = lib.layers.Concatenate(name="both")([inputs, deep])
    return lib.Model(inputs, lib.layers.Dense(1, name="head")(both))


def compiled(lib):
    model = build(lib)
    rate = lib.optimizers.schedules.ExponentialDecay(0.02, 10, 0.9)
    model.compile(
        lib.optimizers.AdamW(rate, weight_decay=0.01),
        lib.losses.MeanSquaredError(),
        metrics=[lib.metrics.MeanMetricWrapper(lib.losses.mean_absolute_error, "mae")],
    )
    return model


def starting_weights():
    """Return equal first weights for both, as the two draw different numbers."""
    random = np.random.default_rng(1)
    shapes = [v.shape for v in build(keras).weights]
    values = [random.normal(scale=0.3, size=shape) for shape in shapes]
    # The last two of the normalization are statistics: a variance is positive.
    return [np.abs(v) if i in (4, 5) else v for i, v in enumerate(values)]


def collector(lib, losses):
    class StepLosses(lib.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            losses.append(float(logs["loss"]))

    return StepLosses()


def fit(lib, model, table, epochs, **options):
    x, y, weights, *test = table
    losses = []
    told = model.fit(
        x,
        y,
        batch_size=BATCH,
        epochs=epochs,
        sample_weight=weights,
        validation_data=tuple(test),
        shuffle=False,
        callbacks=[collector(lib, losses)],
        **options,
    )
    return losses, told.history


def checkpoint_of(lib, model):
    checkpoint = tf.train.Checkpoint if lib is keras else mt_checkpoint.Checkpoint
    return checkpoint(model=model, optimizer=model.optimizer)


def script(lib, table, folder):
    """Build, train, evaluate, checkpoint, go on; and restore, and go on from there."""
    quiet = {"verbose": 0} if lib is keras else {}
    model = compiled(lib)
    model.set_weights(starting_weights())
    first, history = fit(lib, model, table, 2, **quiet)
    evaluated = model.evaluate(*table[3:], **quiet)
    path = checkpoint_of(lib, model).write(str(folder / lib.__name__))
    second, _ = fit(lib, model, table, 8, **quiet)

    restored = compiled(lib)  # with weights of its own, and an optimizer without slots
    status = checkpoint_of(lib, restored).read(path)
    again, _ = fit(lib, restored, table, 8, **quiet)
    status.assert_consumed()
    return SimpleNamespace(
        first=first,
        history=history,
        evaluated=evaluated,
        second=second,
        again=again,
        predictions=np.asarray(restored.predict(table[3], **quiet)),
        weights=restored.get_weights(),
    )


@pytest.fixture(scope="module")
def runs(table, tmp_path_factory):
    """Run the script on Keras first, on the miniature second."""
    folder = tmp_path_factory.mktemp("checkpoints")
    return script(keras, table, folder), script(mk, table, folder)


def test_the_losses_are_equal_step_by_step(runs):
    theirs, ours = runs
    assert len(theirs.first) == len(ours.first) == 12
    np.testing.assert_allclose(ours.first, theirs.first, rtol=2e-4)
    np.testing.assert_allclose(ours.second, theirs.second, rtol=2e-4)


def test_the_histories_have_equal_names_and_numbers(runs):
    theirs, ours = runs
    assert sorted(ours.history) == sorted(theirs.history)
    assert {"loss", "mae", "val_loss", "val_mae"} == set(theirs.history)
    for name, values in theirs.history.items():
        np.testing.assert_allclose(ours.history[name], values, rtol=2e-4)


def test_the_evaluations_and_predictions_are_equal(runs):
    theirs, ours = runs
    np.testing.assert_allclose(ours.evaluated, theirs.evaluated, rtol=2e-4)
    np.testing.assert_allclose(ours.predictions, theirs.predictions, rtol=1e-3)
    for mine, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_allclose(mine, other, rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize("number", [0, 1], ids=["keras", "microtf"])
def test_a_restored_run_goes_on_as_the_run_itself(runs, number):
    run = runs[number]
    np.testing.assert_allclose(run.again, run.second, rtol=1e-5)
    assert run.second[-1] < 0.8 * run.first[0]


def test_the_model_learns_what_a_constant_does_not(runs, table):
    theirs, _ = runs
    y_test = table[-1]
    assert np.mean((theirs.predictions - y_test) ** 2) < 0.9 * np.var(y_test)


def test_the_miniature_ran_no_line_of_tensorflow():
    model = build(mk)
    assert {type(v).__module__.split(".")[0] for v in model.weights} == {"microtf"}
    assert type(model(mt.constant(np.zeros((1, FEATURES), np.float32)))) is mt.Tensor
