import itertools

import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def batch(size=6):
    labels, outputs = random_input([size]).numpy() + 3.0, random_input([size]).numpy()
    labels[::2] *= -1.0
    return labels, outputs, abs(random_input([size]).numpy()) + 0.1


def share(batches, scale=1.0):
    """Compute the ratio of the sums, in NumPy."""
    labels, outputs, weights = (np.concatenate(part) for part in zip(*batches))
    errors = np.sum(weights * np.abs(labels - outputs))
    return scale * errors / np.sum(weights * np.abs(labels))


def plain(labels, outputs, weights):
    return labels, outputs, np.ones_like(weights)


def update(metric, labels, outputs, *weights):
    metric.update_state(*(tf.constant(part) for part in (labels, outputs, *weights)))


def compiled(metric):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss="mse", weighted_metrics=[metric])
    return model


@check("one batch", section="loss-metric")
def one(s):
    metric, data = s.RelativeError(scale=100.0), batch()
    update(metric, *data[:2])
    values_close(metric.result(), share([plain(*data)], 100.0), what="the result")


@check("labels and outputs (B,) or (B, 1)", section="loss-shape")
def shapes(s):
    data = batch()
    for left, right in itertools.product([(-1,), (-1, 1)], repeat=2):
        metric = s.RelativeError()
        update(metric, data[0].reshape(left), data[1].reshape(right))
        what = f"the result for labels {left} and outputs {right}"
        values_close(metric.result(), share([plain(*data)]), what=what)


@check("batches of any size", section="loss-metric")
def batches(s):
    metric, parts = s.RelativeError(), [batch(size) for size in (6, 1, 3)]
    parts[1][0][:] *= 50.0
    for data in parts:
        update(metric, *data[:2])
    expected = share([plain(*data) for data in parts])
    values_close(metric.result(), expected, what="the result of three batches")


@check("sample weights", section="loss-weights")
def weights(s):
    parts = [batch(4), batch(2)]
    for shape in ((-1,), (-1, 1)):
        metric = s.RelativeError()
        for labels, outputs, weight in parts:
            update(metric, labels, outputs[:, None], weight.reshape(shape))
        what = f"the result with weights {shape}"
        values_close(metric.result(), share(parts), what=what)


@check("is reset between passes", section="loss-metric")
def reset(s):
    metric = s.RelativeError()
    model, parts = compiled(metric), [batch(8), batch(8)]
    for labels, outputs, weight in parts:
        found = model.evaluate(
            outputs[:, None], labels, sample_weight=weight, batch_size=3, verbose=0
        )[1]
        expected = share([(labels, outputs, weight)])
        values_close(found, expected, rtol=1e-4, what="the number in the bar")


@check("nothing seen", section="loss-metric")
def nothing(s):
    metric = s.RelativeError()
    values_close(metric.result(), 0.0, what="the result before the first batch")
    metric.reset_state()
    values_close(metric.result(), 0.0, what="the result after a reset")


@check("adds in a graph", section="loss-metric")
def graph(s):
    metric, parts = s.RelativeError(), [batch(4) for _ in range(3)]
    traced = tf.function(metric.update_state, autograph=False)
    for data in parts:
        traced(*(tf.constant(part) for part in data))
    values_close(metric.result(), share(parts), what="the result of three traced runs")


@check("comes back from its configuration", section="loss-metric")
def config(s):
    metric = s.RelativeError(scale=7.0, name="seven")
    again = type(metric).from_config(metric.get_config())
    data = batch()
    update(again, *data[:2])
    values_close(again.result(), share([plain(*data)], 7.0), what="the copy's result")
    if again.name != "seven":
        fail(f"expected the copy to have the name 'seven', got {again.name!r}")
