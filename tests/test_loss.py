"""Losses and metrics: Keras first, the miniature second, under the same asserts."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf.keras import compile_utils as mk_compile
from microtf.keras import loss as mk_loss
from microtf.keras import losses as mk_losses
from microtf.keras import masking as mk_masking
from microtf.keras import metric as mk_metric
from microtf.keras import metrics as mk_metrics


class Real:
    """Keras under the names that the tests use."""

    lib, losses, metrics = tf, keras.losses, keras.metrics
    Loss, Metric = keras.losses.Loss, keras.metrics.Metric
    Variable = keras.Variable

    @staticmethod
    def with_mask(x, mask):
        x = tf.constant(x)
        x._keras_mask = tf.constant(mask)
        return x


class Mini:
    """The miniature under the same names."""

    lib, losses, metrics = mt, mk_losses, mk_metrics
    Loss, Metric = mk_loss.Loss, mk_metric.Metric
    Variable = mk_metric.Variable

    @staticmethod
    def with_mask(x, mask):
        x = mt.constant(x)
        mk_masking.set_keras_mask(x, mt.constant(mask))
        return x


BOTH = pytest.mark.parametrize("lib", [Real, Mini], ids=["keras", "microtf"])
RNG = np.random.default_rng(0)


def number(x):
    return float(np.asarray(x))


def close(actual, wanted):
    np.testing.assert_allclose(np.asarray(actual), wanted, rtol=2e-6, atol=1e-7)


def floats(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def compiled_loss(lib, loss, **kwargs):
    """Return the `CompileLoss` of either library."""
    if lib is Mini:
        return mk_compile.CompileLoss(loss, **kwargs)
    return type(compiled_model(loss=loss)._compile_loss)(loss, **kwargs)


def compiled_metrics(lib, metrics, weighted_metrics=None, **kwargs):
    """Return the `CompileMetrics` of either library."""
    if lib is Mini:
        return mk_compile.CompileMetrics(metrics, weighted_metrics, **kwargs)
    cls = type(compiled_model(loss="mse", metrics=["mse"])._compile_metrics)
    return cls(metrics, weighted_metrics, **kwargs)


def compiled_model(**kwargs):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(**kwargs)
    return model


def gap(y_true, y_pred):
    """The absolute difference, by operators alone: it broadcasts what it is given."""
    return abs(y_true - y_pred)


LABELS = np.float32([1.0, 0.0, 1.0, 0.0])
OUTPUTS = np.float32([[0.1], [0.2], [0.3], [0.9]])

# Shapes


@BOTH
def test_a_wrapped_function_sees_labels_and_predictions_of_one_rank(lib):
    loss = compiled_loss(lib, gap)
    close(loss(LABELS, OUTPUTS), np.abs(LABELS - OUTPUTS[:, 0]).mean())
    close(loss(LABELS[:, None], OUTPUTS[:, 0]), np.abs(LABELS - OUTPUTS[:, 0]).mean())


@BOTH
def test_a_loss_class_sees_them_as_they_are(lib):
    class Gap(lib.Loss):
        def call(self, y_true, y_pred):
            return gap(y_true, y_pred)

    assert Gap(reduction="none")(LABELS, OUTPUTS).shape == (4, 4)
    close(Gap()(LABELS, OUTPUTS), np.abs(LABELS - OUTPUTS).mean())


@BOTH
def test_a_metric_function_sees_them_as_they_are(lib):
    metrics = compiled_metrics(lib, [gap])
    metrics.update_state(lib.lib.constant(LABELS), lib.lib.constant(OUTPUTS))
    close(metrics.result()["gap"], np.abs(LABELS - OUTPUTS).mean())


@BOTH
def test_labels_become_floats_before_a_loss_sees_them(lib):
    class Dtypes(lib.Loss):
        def call(self, y_true, y_pred):
            seen.extend([y_true.dtype, y_pred.dtype])
            return y_pred[:, 0] if lib is Real else mt.reduce_sum(y_pred, axis=-1)

    seen = []
    Dtypes()(np.int64([1, 0]), np.float64([[1], [2]]))
    assert seen == [lib.lib.float32, lib.lib.float32]


# Reductions and weights


@BOTH
@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "mean", "sum", "none"])
@pytest.mark.parametrize("weights", [None, [3.0, 1.0, 0.0, 2.0]])
def test_a_reduction_divides_by_the_number_of_losses(lib, reduction, weights):
    y, p = floats(4, 3), floats(4, 3)
    loss = lib.losses.MeanSquaredError(reduction=reduction)(y, p, weights)
    each = np.square(y - p).mean(-1) * (np.float32(weights) if weights else 1.0)
    wanted = {"sum": each.sum(), "none": each}.get(reduction, each.mean())
    close(loss, wanted)


@BOTH
def test_one_reduction_divides_by_the_sum_of_weights(lib):
    y, p, w = floats(4, 1), floats(4, 1), np.float32([3, 1, 0, 2])
    loss = lib.losses.MeanSquaredError(reduction="mean_with_sample_weight")
    close(loss(y, p, w), (np.square(y - p)[:, 0] * w).sum() / w.sum())


@BOTH
def test_a_wrong_reduction_is_refused(lib):
    with pytest.raises(ValueError, match="average"):
        lib.losses.MeanSquaredError(reduction="average")


@BOTH
@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_weights_may_have_an_axis_more_than_the_losses(lib, shape):
    y, p, w = floats(4, 2), floats(4, 2), np.float32([3, 1, 0, 2])
    loss = lib.losses.MeanAbsoluteError()(y, p, w.reshape(shape))
    close(loss, (np.abs(y - p).mean(-1) * w).mean())


@BOTH
def test_a_scalar_hears_the_mean_of_the_weights_alone(lib):
    class Scalar(lib.Loss):
        def call(self, y_true, y_pred):
            return lib.lib.reduce_mean(gap(y_true, y_pred))

    y, p = floats(4), floats(4)
    one, other = [2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.5, 1.5]
    close(Scalar()(y, p, one), 0.5 * np.abs(y - p).mean())
    close(Scalar()(y, p, one), number(Scalar()(y, p, other)))


@BOTH
def test_weights_per_example_meet_the_axis_of_time_in_silence(lib):
    y, p, w = floats(3, 3, 1), floats(3, 3, 1), np.float32([1, 0, 0])
    each = np.abs(y - p)[..., 0]
    loss = lib.losses.MeanAbsoluteError()
    close(loss(y, p, w), (each * w).mean())  # a column, not a row
    close(loss(y, p, w[:, None]), (each * w[:, None]).mean())


# Masks


@BOTH
def test_a_mask_makes_the_mean_one_over_the_rest(lib):
    y, p = floats(2, 3, 1), floats(2, 3, 1)
    mask = np.array([[True, False, False], [True, True, True]])
    loss = lib.losses.MeanSquaredError()(y, lib.with_mask(p, mask))
    close(loss, np.square(y - p)[..., 0][mask].mean())


@BOTH
def test_a_mask_of_nothing_gives_zero(lib):
    y, p = floats(2, 1), floats(2, 1)
    masked = lib.with_mask(p, np.array([False, False]))
    close(lib.losses.MeanSquaredError()(y, masked), 0.0)


@BOTH
def test_weights_and_mask_divide_by_the_number_of_the_rest(lib):
    y, p, w = floats(4, 1), floats(4, 1), np.float32([3, 1, 5, 2])
    mask = np.array([True, True, False, True])
    loss = lib.losses.MeanSquaredError()(y, lib.with_mask(p, mask), w)
    close(loss, (np.square(y - p)[:, 0] * w)[mask].sum() / 3)


@BOTH
def test_a_sum_takes_a_mask_as_zeros_and_ones(lib):
    y, p = floats(4, 1), floats(4, 1)
    mask = np.array([True, True, False, True])
    loss = lib.losses.MeanSquaredError(reduction="sum")(y, lib.with_mask(p, mask))
    close(loss, np.square(y - p)[:, 0][mask].sum())


@BOTH
def test_an_op_loses_the_mask(lib):
    y, p = floats(4, 1), floats(4, 1)
    masked = lib.with_mask(p, np.array([True, False, False, False]))
    close(lib.losses.MeanSquaredError()(y, masked + 0.0), np.square(y - p).mean())


@BOTH
def test_a_metric_divides_by_the_sum_of_what_counts(lib):
    y, p, w = floats(4, 1), floats(4, 1), np.float32([3, 1, 5, 2])
    mask = np.array([True, True, False, True])
    fn = lib.losses.mean_squared_error if lib is Real else mk_losses.mean_squared_error
    metric = lib.metrics.MeanMetricWrapper(fn)
    metric.update_state(y, lib.with_mask(p, mask), sample_weight=w)
    close(metric.result(), np.average(np.square(y - p)[mask, 0], weights=w[mask]))


# The losses


CASES = {
    "MeanSquaredError": ({}, lambda: (floats(5, 3), floats(5, 3))),
    "MeanAbsoluteError": ({}, lambda: (floats(5, 3), floats(5, 3))),
    "Huber": ({"delta": 0.7}, lambda: (2 * floats(5, 3), floats(5, 3))),
    "BinaryCrossentropy": (
        {},
        lambda: (
            (floats(5, 1) > 0).astype(np.int64),
            RNG.random((5, 1)).astype(np.float32),
        ),
    ),
    "SparseCategoricalCrossentropy": (
        {"from_logits": True},
        lambda: (RNG.integers(0, 3, 5), floats(5, 3)),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients_of_the_losses_are_keras_own(name):
    arguments, batch = CASES[name]
    y, p = batch()
    results = []
    for lib in (Real, Mini):
        prediction = lib.lib.Variable(p)
        with lib.lib.GradientTape() as tape:
            loss = getattr(lib.losses, name)(**arguments)(y, prediction)
        results.append((number(loss), tape.gradient(loss, prediction).numpy()))
    close(results[1][0], results[0][0])
    np.testing.assert_allclose(results[1][1], results[0][1], rtol=1e-5, atol=1e-7)


@BOTH
@pytest.mark.parametrize("shape", [(5,), (5, 1)])
def test_class_numbers_may_have_an_axis_of_their_own(lib, shape):
    y, p = np.int64([0, 2, 1, 1, 0]), floats(5, 3)
    loss = lib.losses.SparseCategoricalCrossentropy(from_logits=True)
    log_softmax = p - np.log(np.exp(p).sum(-1, keepdims=True))
    close(loss(y.reshape(shape), p), -log_softmax[np.arange(5), y].mean())


@BOTH
@pytest.mark.parametrize("from_logits", [False, True])
def test_crossentropies_take_probabilities_or_logits(lib, from_logits):
    y, z = np.float32([[1], [0], [1]]), np.float32([[0.3], [-2.0], [-1.0]])
    p = 1 / (1 + np.exp(-z))
    loss = lib.losses.BinaryCrossentropy(from_logits=from_logits)
    wanted = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    np.testing.assert_allclose(
        number(loss(y, z if from_logits else p)), wanted, rtol=1e-6
    )


@BOTH
def test_a_saturated_probability_costs_no_infinity(lib):
    loss = lib.losses.BinaryCrossentropy()(np.float32([[1.0]]), np.float32([[0.0]]))
    np.testing.assert_allclose(number(loss), -np.log(1e-7), rtol=1e-5)


@BOTH
def test_an_unknown_name_is_refused(lib):
    with pytest.raises(ValueError, match="hubert"):
        lib.losses.get("hubert")


@BOTH
def test_a_loss_is_made_again_from_its_config(lib):
    loss = lib.losses.BinaryCrossentropy(from_logits=True, reduction="sum", name="bits")
    again = type(loss).from_config(loss.get_config())
    assert again.name == "bits"
    close(again(LABELS[:, None], OUTPUTS), number(loss(LABELS[:, None], OUTPUTS)))


def test_keras_forgets_the_threshold_of_its_huber_loss_and_the_miniature_does_not():
    kept = [
        lib.losses.Huber(delta=3.0).get_config().get("delta") for lib in (Real, Mini)
    ]
    assert kept == [None, 3.0]


# Metrics


@BOTH
def test_a_mean_goes_on_until_it_is_reset(lib):
    mean = lib.metrics.Mean()
    mean.update_state([1.0, 3.0])
    mean.update_state(8.0, sample_weight=2.0)
    assert number(mean.result()) == (1 + 3 + 16) / 4
    mean.reset_state()
    assert number(mean.result()) == 0.0
    assert len(mean.variables) == 2


@BOTH
def test_a_raw_variable_of_a_metric_is_never_reset(lib):
    class Count(lib.Metric):
        def __init__(self, kind):
            super().__init__()
            self.seen = kind(0.0)

        def update_state(self, values):
            self.seen.assign_add(1.0)

        def result(self):
            return self.seen.numpy()

    for kind, left in ((lib.lib.Variable, 1.0), (lib.Variable, 0.0)):
        count = Count(kind)
        assert number(count([1.0])) == 1.0
        count.reset_state()
        assert number(count.result()) == left
        assert len(count.variables) == (left == 0.0)


@BOTH
def test_a_metric_finds_the_variables_of_a_metric_in_it(lib):
    class Twice(lib.Metric):
        def __init__(self):
            super().__init__(name="twice")
            self.inner = lib.metrics.Mean()

        def update_state(self, values):
            self.inner.update_state(values)

        def result(self):
            return 2.0 * self.inner.result()

    metric = Twice()
    assert number(metric([1.0, 2.0])) == 3.0
    assert len(metric.variables) == 2
    metric.reset_state()
    assert number(metric.result()) == 0.0


@BOTH
def test_weights_of_a_mean_reach_values_of_a_higher_rank(lib):
    values, w = floats(3, 3), np.float32([1, 0, 2])
    mean = lib.metrics.Mean()
    mean.update_state(values, sample_weight=w)
    close(mean.result(), np.average(values.mean(-1), weights=w))


@BOTH
@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_accuracy_of_classes_counts_the_largest_prediction(lib, shape):
    metric = lib.metrics.SparseCategoricalAccuracy()
    labels = np.int64([0, 1, 2, 1]).reshape(shape)
    predictions = np.float32([[3, 1, 2], [0, 5, 5], [1, 2, 0], [0, 0, 1]])
    assert number(metric(labels, predictions)) == 0.5


@BOTH
def test_accuracy_of_yes_and_no_aligns_the_shapes(lib):
    assert number(lib.metrics.BinaryAccuracy()(LABELS, OUTPUTS)) == 0.25


@BOTH
def test_a_metric_counts_in_a_graph_and_between_its_calls(lib):
    metric = lib.metrics.Mean()

    @lib.lib.function
    def step(values):
        metric.update_state(values)
        return metric.result()

    assert number(step(lib.lib.constant([1.0, 3.0]))) == 2.0
    assert number(step(lib.lib.constant([5.0, 7.0]))) == 4.0
    metric.reset_state()
    assert number(step(lib.lib.constant([5.0, 7.0]))) == 6.0


# What `compile` makes


def two_outputs(lib):
    heat, cold = lib.lib.constant(floats(4, 1)), lib.lib.constant(floats(4, 1))
    return [heat, cold], [lib.lib.constant(floats(4, 1)) for _ in range(2)]


@BOTH
@pytest.mark.parametrize(
    "loss", [["mse", "mse"], ["mse", "mae"], {"cold": "mae", "heat": "mse"}]
)
def test_losses_of_several_outputs_are_added_and_noted(lib, loss):
    y, p = two_outputs(lib)
    total = compiled_loss(
        lib, loss, loss_weights=[1.0, 10.0], output_names=["heat", "cold"]
    )
    value = number(total(y, p))
    errors = [np.asarray(a) - np.asarray(b) for a, b in zip(y, p, strict=True)]
    parts = [np.square(errors[0]).mean()]
    parts += [
        np.square(errors[1]).mean() if loss == ["mse"] * 2 else abs(errors[1]).mean()
    ]
    close(value, parts[0] + 10 * parts[1])
    assert [metric.name for metric in total.metrics] == ["heat_loss", "cold_loss"]
    close([number(m.result()) for m in total.metrics], parts)  # without loss_weights


@BOTH
def test_outputs_in_a_dictionary_are_found_by_name(lib):
    names = ["heat", "cold"]
    y, p = (dict(zip(names, values, strict=True)) for values in two_outputs(lib))
    total = compiled_loss(lib, {"cold": "mse", "heat": "mse"}, output_names=names)
    wanted = sum(np.square(np.asarray(y[n]) - np.asarray(p[n])).mean() for n in names)
    close(total(y, p), wanted)


@BOTH
def test_one_output_needs_no_mean_of_its_own(lib):
    total = compiled_loss(lib, "mse")
    close(total(LABELS, OUTPUTS), np.square(LABELS - OUTPUTS[:, 0]).mean())
    assert total.metrics == []


@BOTH
def test_an_output_may_go_without_a_loss(lib):
    y, p = two_outputs(lib)
    total = compiled_loss(lib, ["mse", None], output_names=["heat", "cold"])
    close(total(y, p), np.square(np.asarray(y[0]) - np.asarray(p[0])).mean())


@BOTH
def test_metrics_are_made_with_the_first_batch(lib):
    metrics = compiled_metrics(lib, ["accuracy", "mse"])
    assert metrics.metrics == [] and metrics.variables == []
    with pytest.raises(ValueError):
        metrics.result()
    metrics.update_state(lib.lib.constant(LABELS), lib.lib.constant(OUTPUTS))
    assert [metric.name for metric in metrics.metrics] == ["accuracy", "mse"]
    assert len(metrics.variables) == 4


@BOTH
def test_the_shapes_say_which_accuracy_is_meant(lib):
    cases = [
        (LABELS, OUTPUTS, "BinaryAccuracy"),
        (np.int64([0, 1]), floats(2, 3), "SparseCategoricalAccuracy"),
    ]
    for labels, outputs, kind in cases:
        metrics = compiled_metrics(lib, ["accuracy"])
        metrics.update_state(lib.lib.constant(labels), lib.lib.constant(outputs))
        assert [type(metric).__name__ for metric in metrics.metrics] == [kind]


@BOTH
def test_weights_reach_the_weighted_metrics_alone(lib):
    y, p, w = floats(4, 1), floats(4, 1), np.float32([3, 1, 0, 2])
    metrics = compiled_metrics(lib, ["mse"], ["mse"])
    metrics.update_state(lib.lib.constant(y), lib.lib.constant(p), lib.lib.constant(w))
    errors = np.square(y - p)[:, 0]
    result = metrics.result()
    assert list(result) == ["mse", "weighted_mse"]
    close(result["mse"], errors.mean())
    close(result["weighted_mse"], np.average(errors, weights=w))


@BOTH
def test_equal_names_are_numbered(lib):
    metrics = compiled_metrics(lib, ["mse", "mse", "mse"])
    metrics.update_state(lib.lib.constant(LABELS), lib.lib.constant(OUTPUTS))
    assert list(metrics.result()) == ["mse", "mse_1", "mse_2"]


@BOTH
def test_metrics_of_several_outputs_carry_the_outputs_names(lib):
    y, p = two_outputs(lib)
    names = ["heat", "cold"]
    metrics = compiled_metrics(
        lib, {"cold": ["mae"], "heat": ["mse", "mae"]}, output_names=names
    )
    metrics.update_state(y, p)
    assert list(metrics.result()) == ["heat_mse", "heat_mae", "cold_mae"]
    metrics.reset_state()
    assert [number(value) for value in metrics.result().values()] == [0.0] * 3


@BOTH
def test_metrics_for_an_unknown_output_are_refused(lib):
    y, p = two_outputs(lib)
    metrics = compiled_metrics(lib, {"warm": ["mse"]}, output_names=["heat", "cold"])
    with pytest.raises(ValueError, match="heat"):
        metrics.update_state(y, p)


@BOTH
def test_weights_of_several_outputs_are_each_outputs_own(lib):
    y, p = two_outputs(lib)
    w = [np.float32([1, 0, 0, 0]), np.float32([0, 0, 0, 2])]
    total = compiled_loss(lib, "mse", output_names=["heat", "cold"])
    value = total(y, p, [lib.lib.constant(each) for each in w])
    errors = [np.square(np.asarray(a) - b)[:, 0] for a, b in zip(y, p, strict=True)]
    close(value, sum((e * v).mean() for e, v in zip(errors, w, strict=True)))


@BOTH
def test_a_graph_for_any_batch_notes_each_batch_once(lib):
    total = compiled_loss(lib, ["mse", "mse"], output_names=["heat", "cold"])
    spec = lib.lib.TensorSpec([None, 1])

    @lib.lib.function(input_signature=[spec])
    def step(values):
        return total([values, values], [0.0 * values, 0.0 * values])

    for part in ([[1.0]] * 3, [[3.0]]):
        step(lib.lib.constant(part))
    # Not (3 * 1 + 9) / 4, which a program without the graph would show.
    assert [number(metric.result()) for metric in total.metrics] == [5.0, 5.0]
