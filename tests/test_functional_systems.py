"""The Inception model and the model with several heads."""

import math

import keras
import numpy as np
import pytest

from insidetf import data, keras_lens
from insidetf.draw import draw_model
from insidetf.models.inception import (
    GOOGLENET_3A,
    SMALL,
    Widths,
    inception,
    inception_block,
    naive_block,
)
from insidetf.models.multihead import (
    Head,
    compile_heads,
    evaluate_by_hand,
    multihead,
)

HEADS = {
    "kind": Head(classes=3, hidden=(8,)),
    "alcohol": Head(weight=0.5, start=13.0),
}


@pytest.fixture(autouse=True)
def same_start():
    keras.utils.set_random_seed(0)


def block(make, widths=GOOGLENET_3A, shape=(28, 28, 192)):
    inputs = keras.Input(shape)
    return keras.Model(inputs, make(inputs, widths, "b"))


def kernels(model):
    return sum(math.prod(w.shape) for w in model.weights if len(w.shape) == 4)


def test_block_3a_has_the_weights_and_products_of_the_paper():
    model = block(inception_block)
    assert model.output_shape == (None, 28, 28, 256)
    assert kernels(model) // 1024 == 159  # "159K" of table 1
    assert round(kernels(model) * 28 * 28 / 1e6) == 128  # "128M"


def test_reductions_make_a_block_cheaper():
    assert kernels(block(naive_block)) > 2 * kernels(block(inception_block))


def test_a_branch_reaches_as_far_as_its_largest_kernel():
    model = block(inception_block, Widths(1, 1, 1, 1, 1, 1), (9, 9, 1))
    point = np.zeros((1, 9, 9, 1), np.float32)
    reach = {}
    for ending in ("1x1", "3x3_1", "5x5_1", "pool_1"):
        cut = keras.Model(model.input, model.get_layer(f"b_{ending}").output)
        for weight in cut.weights:  # a picture of what comes through at all
            weight.assign(np.ones(weight.shape) * (len(weight.shape) == 4))
        without = np.array(cut(point))
        point[0, 4, 4] = 1
        seen = np.array(cut(point)) != without
        point[0, 4, 4] = 0
        reach[ending] = int(seen.any(axis=(0, 2, 3)).sum())
    assert reach == {"1x1": 1, "3x3_1": 3, "5x5_1": 5, "pool_1": 3}


def test_inception_refuses_pictures_that_pooling_would_use_up():
    with pytest.raises(ValueError, match="expected pictures of 8 x 8"):
        inception((4, 32, 3), 2)
    assert inception((8, 8, 3), 2).output_shape == (None, 2)


def test_inception_is_smaller_than_one_dense_layer_on_its_pictures():
    model = inception((48, 48, 3), 10)
    assert model.count_params() < 48 * 48 * 3 * 10
    assert model.get_layer("block_1_join").output.shape[-1] == SMALL[1].total


def test_inception_learns_two_textures():
    rng = np.random.default_rng(0)
    y = np.arange(64) % 2
    x = rng.normal(size=(64, 16, 16, 1))
    rows = np.where(y[:, None, None, None] == 1, x[:, :, :1], x[:, :1])
    x = 127 + 60 * np.broadcast_to(rows, x.shape).astype(np.float32)
    model = inception((16, 16, 1), 2, dropout=0.0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    model.fit(x, y, epochs=20, batch_size=16, verbose=0)
    assert model.evaluate(x, y, verbose=0)[1] > 0.9


def test_inception_comes_back_from_a_file(tmp_path):
    model = inception((16, 16, 1), 2)
    model.save(tmp_path / "inception.keras")
    again = keras.models.load_model(tmp_path / "inception.keras")
    x = np.random.default_rng(0).uniform(0, 255, size=(2, 16, 16, 1))
    np.testing.assert_allclose(again(x), model(x), rtol=1e-5, atol=1e-6)


@pytest.fixture(scope="module")
def wine():
    return data.wine_arrays()


@pytest.mark.parametrize("batch_size", [32, 5, 100])
def test_each_number_of_evaluate_is_explained(wine, batch_size):
    _, (x, y) = wine
    model = multihead(12, HEADS)
    reported = model.evaluate(x, y, batch_size, verbose=0, return_dict=True)
    predictions = model.predict(x, verbose=0)
    explained = evaluate_by_hand(predictions, y, HEADS, batch_size)
    assert set(reported) == set(explained)
    for name, value in explained.items():
        assert reported[name] == pytest.approx(value, rel=1e-4), name


def test_the_total_is_no_sum_of_the_reported_losses_with_a_short_last_batch(wine):
    _, (x, y) = wine
    assert len(x) % 32
    report = evaluate_by_hand(multihead(12, HEADS).predict(x, verbose=0), y, HEADS)
    parts = sum(head.weight * report[f"{name}_loss"] for name, head in HEADS.items())
    assert abs(parts - report["loss"]) > 1e-3


def test_heads_learn_and_share_a_trunk(wine):
    (x, y), (x_test, y_test) = wine
    model = multihead(12, HEADS)
    assert model.count_params() == (12 * 32 + 32) + (33 * 8 + 9 * 3) + 33
    compile_heads(model, HEADS, keras.optimizers.Adam(0.01))
    model.fit(x, y, epochs=30, verbose=0)
    report = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
    assert report["kind_accuracy"] > 0.9
    assert report["alcohol_mae"] < np.mean(np.abs(y_test["alcohol"] - 13.0))


def test_a_model_without_heads_is_refused():
    with pytest.raises(ValueError, match="one head or more"):
        multihead(3, {})


def test_a_drawn_model_has_a_box_for_each_call():
    inputs = keras.Input((3,), name="x")
    dense = keras.layers.Dense(3, name="twice")
    model = keras.Model(inputs, dense(dense(inputs)))
    labels = [text.get_text().strip() for text in draw_model(model).axes[0].texts]
    assert set(labels) == {"x", "twice [0]", "twice [1]", "(None, 3)"}


def test_the_lens_shows_calls_and_where_a_tensor_came_from():
    inputs = keras.Input((3,), name="x")
    dense = keras.layers.Dense(3)
    outputs = dense(dense(inputs))
    assert keras_lens.history_of(outputs) == (dense, 1, 0)
    assert [node.input_tensors[0] is inputs for node in keras_lens.calls_of(dense)] == [
        True,
        False,
    ]
    depths = keras_lens.calls_by_depth(keras.Model(inputs, outputs))
    assert list(depths) == [0, 1, 2] and depths[2][0].operation.name == "x"
