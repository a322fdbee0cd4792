"""The book's own losses and metrics: shapes, weights, masks, replicas, and files."""

import json
import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest
import tensorflow as tf

from insidetf import losses
from insidetf.keras_lens import mask_of
from insidetf.metrics import F1

RNG = np.random.default_rng(1)
LABELS = np.float32([1, 0, 1, 0, 0, 1])
OUTPUTS = RNG.normal(size=6).astype(np.float32)
WEIGHTS = np.float32([1, 0, 2, 3, 0, 1])

FORMS = {
    "huber": (losses.huber, losses.huber_with(1.0), losses.Huber()),
    "contrastive": (
        losses.contrastive,
        losses.contrastive_with(1.0),
        losses.Contrastive(),
    ),
    "focal": (losses.focal, losses.focal_with(2.0), losses.Focal()),
}
EACH = pytest.mark.parametrize("name", FORMS)
SHAPES = pytest.mark.parametrize(
    "label_shape,output_shape",
    [((6,), (6,)), ((6,), (6, 1)), ((6, 1), (6,)), ((6, 1), (6, 1))],
)


def evaluated(loss=None, x=OUTPUTS, y=LABELS, w=None, **kwargs):
    """Return what `evaluate` shows of a model that passes its input on."""
    model = keras.Sequential([keras.Input(x.shape[1:]), keras.layers.Identity()])
    model.compile(loss=loss, **kwargs)
    return model.evaluate(
        x, y, sample_weight=w, batch_size=len(x), verbose=0, return_dict=True
    )


@EACH
@SHAPES
def test_every_form_gives_a_number_per_example(name, label_shape, output_shape):
    function, closure, loss = FORMS[name]
    y, p = LABELS.reshape(label_shape), OUTPUTS.reshape(output_shape)
    reference = function(LABELS, OUTPUTS)
    assert function(y, p).shape == (6,)
    np.testing.assert_array_equal(function(y, p), reference)
    np.testing.assert_array_equal(closure(y, p), reference)
    np.testing.assert_allclose(loss(y, p), np.mean(reference), rtol=1e-6)


@EACH
@SHAPES
def test_compile_sees_the_same_numbers(name, label_shape, output_shape):
    y, p = LABELS.reshape(label_shape), OUTPUTS.reshape(output_shape)
    each = FORMS[name][0](LABELS, OUTPUTS).numpy()
    for loss in FORMS[name]:
        plain = evaluated(loss, p, y, metrics=[FORMS[name][0]])
        assert len(set(np.round(list(plain.values()), 5))) == 1
        np.testing.assert_allclose(plain["loss"], each.mean(), rtol=1e-5)
        weighted = evaluated(loss, p, y, WEIGHTS)
        np.testing.assert_allclose(weighted["loss"], (each * WEIGHTS).mean(), rtol=1e-5)


@EACH
def test_shapes_that_would_broadcast_are_refused(name):
    for y_shape, p_shape in (((6,), (5,)), ((6,), (6, 2)), ((6, 1), (6, 2))):
        for loss in FORMS[name]:
            with pytest.raises(ValueError, match="one shape"):
                loss(np.zeros(y_shape), np.zeros(p_shape, np.float32))


@EACH
def test_a_batch_of_unknown_size_is_accepted(name):
    function, _, loss = FORMS[name]
    signature = [tf.TensorSpec([None]), tf.TensorSpec([None, 1])]
    traced = tf.function(lambda y, p: (function(y, p), loss(y, p)), signature)
    each, mean = traced(LABELS, OUTPUTS[:, None])
    np.testing.assert_allclose(each, function(LABELS, OUTPUTS), rtol=1e-6)
    np.testing.assert_allclose(mean, np.mean(each), rtol=1e-6)


@EACH
def test_whole_numbers_are_labels_too(name):
    for loss in FORMS[name]:
        np.testing.assert_allclose(
            loss(LABELS.astype(np.int64), OUTPUTS), loss(LABELS, OUTPUTS)
        )


@EACH
def test_weights_are_the_examples_where_losses_have_an_axis_of_time(name):
    loss, function = FORMS[name][2], FORMS[name][0]
    y = RNG.integers(0, 2, (3, 3, 2)).astype(np.float32)
    p = RNG.normal(size=(3, 3, 2)).astype(np.float32)
    w = np.float32([1, 0, 2])
    each = function(y, p).numpy()
    assert each.shape == (3, 3)
    for weights in (w, w[:, None], np.broadcast_to(w[:, None], (3, 3))):
        np.testing.assert_allclose(
            loss(y, p, weights), (each * w[:, None]).mean(), rtol=1e-5
        )


@EACH
def test_masked_steps_do_not_count(name):
    function, _, loss = FORMS[name]
    tokens = keras.layers.Embedding(9, 2, mask_zero=True)
    p = tokens(np.array([[1, 2, 0], [3, 0, 0]]))
    mask = mask_of(p).numpy()
    y, w = RNG.integers(0, 2, (2, 3, 2)), np.float32([1, 3])
    each = function(y, p).numpy()
    np.testing.assert_allclose(loss(y, p), each[mask].mean(), rtol=1e-6)
    weighted = (each * w[:, None])[mask].sum() / mask.sum()
    np.testing.assert_allclose(loss(y, p, w), weighted, rtol=1e-6)


@EACH
def test_a_reduction_can_be_chosen(name):
    each = FORMS[name][0](LABELS, OUTPUTS).numpy()
    cls = type(FORMS[name][2])
    np.testing.assert_allclose(cls(reduction="sum")(LABELS, OUTPUTS), each.sum(), 1e-5)
    np.testing.assert_allclose(cls(reduction=None)(LABELS, OUTPUTS), each)


def test_huber_is_keras_own():
    for delta in (0.3, 1.0, 5.0):
        ours = losses.Huber(delta)(LABELS, 3 * OUTPUTS[:, None])
        keras_own = keras.losses.Huber(delta)(LABELS, 3 * OUTPUTS[:, None])
        np.testing.assert_allclose(ours, keras_own, rtol=1e-6)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_focal_is_keras_own(gamma):
    ours = losses.Focal(gamma, alpha=0.3)(LABELS, OUTPUTS[:, None])
    keras_own = keras.losses.BinaryFocalCrossentropy(
        apply_class_balancing=True, alpha=0.3, gamma=gamma, from_logits=True
    )(LABELS[:, None], OUTPUTS[:, None])
    np.testing.assert_allclose(ours, keras_own, rtol=1e-5)


def slope(loss, label, output):
    output = tf.Variable([output])
    with tf.GradientTape() as tape:
        value = loss([label], output)
    return float(tape.gradient(value, output)[0])


def test_huber_pulls_no_harder_than_delta():
    assert slope(losses.huber, 0.0, 0.5) == 0.5
    assert slope(losses.huber_with(2.0), 0.0, 50.0) == 2.0
    assert slope(losses.huber_with(2.0), 50.0, 0.0) == -2.0


def test_contrastive_pushes_no_farther_than_the_margin():
    assert slope(losses.contrastive, 1.0, 3.0) == 6.0
    assert slope(losses.contrastive, 0.0, 0.25) == -1.5
    assert slope(losses.contrastive, 0.0, 1.5) == 0.0
    assert slope(losses.contrastive_with(2.0), 0.0, 1.5) == -1.0


def test_focal_has_finite_slopes_where_the_answer_is_sure():
    for gamma in (0.5, 1.0, 2.0):
        for output in (-80.0, 80.0):
            found = slope(losses.focal_with(gamma, 0.5), 1.0, output)
            assert np.isfinite(found)
            assert abs(found) > 0.4 if output < 0 else abs(found) < 1e-6


@EACH
def test_gradients_are_those_of_finite_differences(name):
    p = tf.constant(RNG.normal(size=(5, 1)) * 2, tf.float64)
    exact, close = tf.test.compute_gradient(
        lambda output: FORMS[name][0](np.float64([1, 0, 1, 0, 1]), output), [p]
    )
    np.testing.assert_allclose(exact[0], close[0], atol=1e-6)


@pytest.mark.parametrize(
    "loss",
    [
        losses.Huber(3.0),
        losses.Contrastive(2.5),
        losses.Focal(1.0, 0.6, reduction="sum"),
    ],
    ids=lambda loss: loss.name,
)
def test_a_saved_model_keeps_the_arguments_of_its_loss(loss, tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss=loss, metrics=[F1(threshold=0.25)])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    x, y = 5 * OUTPUTS[:, None], LABELS
    assert again.loss.get_config() == loss.get_config()
    np.testing.assert_allclose(
        again.evaluate(x, y, verbose=0), model.evaluate(x, y, verbose=0)
    )


def test_a_saved_closure_stops_the_loading_of_its_model(tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss=losses.huber_with(3.0))
    model.save(tmp_path / "model.keras")
    with pytest.raises(TypeError, match="huber_with_delta"):
        keras.models.load_model(tmp_path / "model.keras")
    assert not keras.models.load_model(tmp_path / "model.keras", compile=False).compiled


# F1


def f1_of(y, said, w=None):
    y, said = np.asarray(y, bool), np.asarray(said, bool)
    w = np.ones(len(y)) if w is None else np.asarray(w)
    true = (w * (y & said)).sum()
    return 2 * true / ((w * y).sum() + (w * said).sum())


@SHAPES
def test_f1_counts_over_batches(label_shape, output_shape):
    f1 = F1(threshold=0.0)
    for part in (slice(0, 4), slice(4, 6)):
        y, p = LABELS.reshape(label_shape)[part], OUTPUTS.reshape(output_shape)[part]
        f1.update_state(y, p)
    np.testing.assert_allclose(f1.result(), f1_of(LABELS, OUTPUTS > 0), rtol=1e-6)


def test_f1_agrees_with_keras_own():
    p = RNG.random((50, 1)).astype(np.float32)
    y = (RNG.random((50, 1)) > 0.7).astype(np.float32)
    keras_own = keras.metrics.F1Score(threshold=0.4)
    keras_own.update_state(y, p)
    f1 = F1(threshold=0.4)
    f1.update_state(y, p)
    np.testing.assert_allclose(f1.result(), keras_own.result()[0], rtol=1e-6)


def test_f1_starts_again_after_a_reset():
    f1 = F1()
    f1.update_state([1, 1], [0.9, 0.9])
    assert float(f1.result()) == 1.0 and len(f1.variables) == 3
    f1.reset_state()
    assert float(f1.result()) == 0.0
    f1.update_state([1, 1], [0.9, 0.1])
    np.testing.assert_allclose(f1.result(), 2 / 3, rtol=1e-6)


def test_f1_merges_counts_and_not_scores():
    parts = [F1(threshold=0.0) for _ in range(2)]
    for f1, part in zip(parts, (slice(0, 4), slice(4, 6)), strict=True):
        f1.update_state(LABELS[part], OUTPUTS[part])
    total = F1(threshold=0.0)
    total.merge_state(parts)
    np.testing.assert_allclose(total.result(), f1_of(LABELS, OUTPUTS > 0), rtol=1e-6)


@pytest.mark.parametrize("shape", [(6,), (6, 1)])
def test_f1_takes_weights(shape):
    f1 = F1(threshold=0.0)
    f1.update_state(LABELS, OUTPUTS[:, None], WEIGHTS.reshape(shape))
    np.testing.assert_allclose(
        f1.result(), f1_of(LABELS, OUTPUTS > 0, WEIGHTS), rtol=1e-6
    )


def test_f1_leaves_out_what_is_masked():
    p = tf.constant([[[0.9], [0.9], [0.1]]])
    p._keras_mask = tf.constant([[True, False, True]])
    f1 = F1()
    f1.update_state(np.float32([[[1], [0], [1]]]), p)
    np.testing.assert_allclose(f1.result(), 2 / 3, rtol=1e-6)


def test_f1_works_in_a_graph_and_in_compile():
    f1 = F1(threshold=0.0)
    step = tf.function(f1.update_state)
    step(tf.constant(LABELS), tf.constant(OUTPUTS))
    wanted = f1_of(LABELS, OUTPUTS > 0)
    np.testing.assert_allclose(f1.result(), wanted, rtol=1e-6)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss="mse", metrics=[F1(threshold=0.0)])
    for _ in range(2):  # the second run would see the counts of the first
        shown = model.evaluate(
            OUTPUTS[:, None], LABELS, batch_size=2, verbose=0, return_dict=True
        )
        np.testing.assert_allclose(shown["f1"], wanted, rtol=1e-6)


def test_f1_refuses_shapes_that_would_broadcast():
    with pytest.raises(ValueError, match="one shape"):
        F1().update_state(np.zeros(4), np.zeros((4, 4), np.float32))


def test_f1_is_made_again_from_its_config():
    f1 = F1(threshold=0.2, name="score")
    again = F1.from_config(json.loads(json.dumps(f1.get_config())))
    assert (again.threshold, again.name) == (0.2, "score")


# Replicas

PROGRAM = """
import json, sys
import keras, numpy as np, tensorflow as tf
from insidetf import losses
from insidetf.metrics import F1

cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
strategies = {"one": tf.distribute.get_strategy(),
              "two": tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])}
x = np.float32([[1], [-2], [3], [0.5], [2], [-1], [0.2], [4]])
y = np.float32([1, 0, 1, 0, 0, 1, 0, 1])
w = np.float32([1, 0, 2, 1, 0, 3, 1, 0])

def run(strategy, loss, weights):
    with strategy.scope():
        dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
        model = keras.Sequential([keras.Input((1,)), dense])
        model.compile(keras.optimizers.SGD(0.1), loss, metrics=[F1(threshold=0.0)])
    history = model.fit(x, y, sample_weight=weights, batch_size=8, epochs=2,
                        shuffle=False, verbose=0).history
    return [*history["loss"], *history["f1"], float(dense.kernel.numpy()[0, 0])]

cases = {"huber": losses.Huber(0.5), "contrastive": losses.Contrastive(),
         "focal": losses.Focal(), "closure": losses.huber_with(0.5),
         "scalar": lambda y, p: tf.reduce_mean(losses.huber(y, p, 0.5))}
results = {f"{name} {weighted}": {key: run(strategy, loss, w if weighted else None)
                                  for key, strategy in strategies.items()}
           for name, loss in cases.items() for weighted in (0, 1)}
print(json.dumps(results))
"""


def test_two_replicas_learn_what_one_learns():
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads(done.stdout.splitlines()[-1])
    scalar = results.pop("scalar 0")
    results.pop("scalar 1")
    for name, runs in results.items():
        np.testing.assert_allclose(runs["two"], runs["one"], rtol=1e-5, err_msg=name)
    # A loss that returns a scalar is shown, and felt, twice.
    np.testing.assert_allclose(scalar["two"][0], 2 * scalar["one"][0], rtol=1e-5)
