"""The book's callbacks for work: steps, broken weights, lines, backups, pictures."""

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf

from insidetf import callbacks, data

(X, Y), _ = data.breast_cancer_arrays()
X, Y = X[:160], Y[:160]


def network(dropout=0.0, **options):
    keras.utils.set_random_seed(0)
    layers = [keras.Input((30,)), keras.layers.Dense(8, "relu", name="body")]
    layers += [keras.layers.Dropout(dropout)] if dropout else []
    model = keras.Sequential([*layers, keras.layers.Dense(1, name="head")])
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, **options)
    return model


def fit(model, *called, epochs=2, **options):
    arguments = {"batch_size": 16, "shuffle": False, "verbose": 0, **options}
    return model.fit(X, Y, epochs=epochs, callbacks=list(called), **arguments)


class Noted(callbacks.EverySteps):
    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.noted = []

    def on_steps(self, step, logs=None):
        self.noted.append(step)


@pytest.mark.parametrize(
    ("every", "per_execution", "expected"),
    [
        (5, 1, [5, 10, 15, 20]),
        (5, 4, [8, 10, 18, 20]),
        (4, 4, [4, 8, 14, 18, 20]),
        (1, 4, [4, 8, 10, 14, 18, 20]),
        (7, 10, [10, 20]),
        (25, 1, []),
    ],
)
def test_steps_are_counted_whatever_an_execution_holds(every, per_execution, expected):
    noted, model = Noted(every), network(steps_per_execution=per_execution)
    fit(model, noted)
    assert noted.noted == expected
    assert noted.steps_done == int(model.optimizer.iterations.numpy()) == 20
    fit(model, noted)
    assert noted.noted == expected


@pytest.mark.parametrize(
    ("per_execution", "expected"),
    [(1, [3, 6, 9, 12, 15, 18]), (4, [4, 8, 12, 16, 20, 24])],  # 10 count as 12
)
def test_steps_are_counted_without_a_known_length(per_execution, expected):
    noted = Noted(3)

    def batches():
        for start in range(0, 160, 16):
            yield X[start : start + 16], Y[start : start + 16, None]

    signature = (tf.TensorSpec((None, 30)), tf.TensorSpec((None, 1), tf.int64))
    dataset = tf.data.Dataset.from_generator(batches, output_signature=signature)
    with pytest.warns(UserWarning, match="ran out of data"):
        network(steps_per_execution=per_execution).fit(
            dataset, epochs=2, shuffle=False, callbacks=[noted], verbose=0
        )
    assert noted.noted == expected


def test_no_steps_is_no_number_of_steps():
    with pytest.raises(ValueError, match="positive"):
        callbacks.EverySteps(0)


def spoiled(step):
    """Return a loss that is finite, and whose gradient is none from a step on."""

    class Spoiled(keras.Model):
        def __init__(self):
            super().__init__()
            self.body = keras.layers.Dense(2, name="body")
            self.head = keras.layers.Dense(1, use_bias=False, name="head")
            self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)

        def call(self, inputs, training=False):
            hidden = self.body(inputs)
            if training:
                self.count.assign_add(1.0)
            bad = tf.cast(self.count.value < step, tf.float32)
            # The square root has the slope infinity at zero, the relu has zero: NaN.
            broken = tf.sqrt(tf.nn.relu(-(tf.reduce_sum(hidden) ** 2)) + bad)
            return self.head(tf.stop_gradient(hidden)) + 1e-6 * broken

    model = Spoiled()
    model.compile(keras.optimizers.SGD(0.01), "mse")
    return model


def test_broken_weights_stop_the_training_and_are_named():
    stop, model = callbacks.StopOnNonFiniteWeights(), spoiled(3)
    fit(model, stop)
    assert stop.step == 3 == int(model.optimizer.iterations.numpy())
    assert len(stop.broken) == 2 and all("body" in path for path in stop.broken)


def test_the_loss_tells_of_broken_weights_one_step_later():
    model = spoiled(3)
    fit(model, keras.callbacks.TerminateOnNaN())
    assert int(model.optimizer.iterations.numpy()) == 4


def test_good_weights_stop_nothing():
    stop, model = callbacks.StopOnNonFiniteWeights(every=4), network()
    fit(model, stop)
    assert stop.step is None and stop.broken == []
    assert int(model.optimizer.iterations.numpy()) == 20


def test_lines_hold_what_comes_late_and_are_added_to(tmp_path):
    lines = callbacks.JsonLines(tmp_path / "log.jsonl")

    def late(epoch, logs=None):
        if epoch == 1:
            logs["late"] = 0.5

    adding = keras.callbacks.LambdaCallback(on_epoch_end=late)
    losses = fit(network(), adding, lines).history["loss"]
    first, second = lines.read()
    assert first == {"epoch": 0, "loss": losses[0]}
    assert second == {"epoch": 1, "loss": losses[1], "late": 0.5}
    fit(network(), lines, epochs=1)
    assert len(lines.read()) == 3


class Interrupt(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise KeyboardInterrupt


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_run_taken_up_again_is_the_run_that_was_not_broken_off(tmp_path, dropout):
    whole = network(dropout)
    expected = fit(whole, epochs=4).history["loss"]
    path = tmp_path / "run.npz"
    with pytest.raises(KeyboardInterrupt):
        fit(network(dropout), callbacks.Backup(path), Interrupt(), epochs=4)
    model, backup = network(dropout), callbacks.Backup(path)
    start = backup.restore(model)
    run = fit(model, backup, epochs=4, initial_epoch=start)
    assert start == 2 and run.epoch == [2, 3]
    assert run.history["loss"] == expected[2:]
    for found, weight in zip(model.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(found, weight)
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_no_backup_is_a_start_at_zero(tmp_path):
    assert callbacks.Backup(tmp_path / "none.npz").restore(network()) == 0


def test_a_backup_of_another_model_is_refused(tmp_path):
    backup = callbacks.Backup(tmp_path / "run.npz")
    fit(network(), backup, epochs=1)
    other = keras.Sequential([keras.Input((30,)), keras.layers.Dense(1)])
    other.compile("sgd", "mse")
    with pytest.raises(ValueError, match="shapes"):
        backup.restore(other)


def test_a_backup_has_a_name_that_numpy_keeps(tmp_path):
    with pytest.raises(ValueError, match=r"\.npz"):
        callbacks.Backup(tmp_path / "run.h5")


def test_predictions_are_kept_from_the_start_on_and_drawn():
    (images, digits), _ = data.digits_arrays()
    images, digits = images[:200], digits[:200]
    keras.utils.set_random_seed(0)
    layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    seen = callbacks.Predictions(images[:4], digits[:4])
    model.fit(images, digits, epochs=3, callbacks=[seen], verbose=0)
    assert len(seen.seen) == 4 and seen.seen[0].shape == (4, 10)
    last = tf.nn.softmax(model.predict_on_batch(images[:4])).numpy()
    np.testing.assert_allclose(seen.seen[-1], last, rtol=1e-6)
    np.testing.assert_allclose(np.sum(seen.seen, axis=-1), 1.0, rtol=1e-5)
    figure = seen.draw()
    assert len(figure.axes) == 8
    plt.close(figure)
