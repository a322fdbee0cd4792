"""Layers to import: they train, are saved, and come back."""

import keras
import numpy as np
import pytest

from insidetf import data, layers

BOTH = pytest.mark.parametrize("cls", [layers.SimpleDense, layers.SimpleQuadratic])


def rows(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def test_the_dense_layer_is_keras_dense():
    ours, theirs = layers.SimpleDense(4, "tanh"), keras.layers.Dense(4, "tanh")
    x = rows(5, 3)
    theirs(x)
    ours(x)
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-5)


def test_the_quadratic_layer_is_its_formula():
    layer, x = layers.SimpleQuadratic(4), rows(5, 3)
    layer(x)
    a, b, c = values = [rows(3, 4), 2 * rows(3, 4), rows(4)]
    layer.set_weights(values)
    np.testing.assert_allclose(layer(x), x**2 @ a + x @ b + c, rtol=1e-4, atol=1e-5)


@BOTH
@pytest.mark.parametrize("activation", [None, "relu", keras.ops.tanh])
def test_a_layer_comes_back_from_a_file(cls, activation, tmp_path):
    model = keras.Sequential([keras.Input((3,)), cls(4, activation), cls(2)])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    x = rows(5, 3)
    np.testing.assert_allclose(again(x), model(x), rtol=1e-6)
    assert type(again.layers[0]) is cls


@BOTH
def test_a_layer_says_its_shape_without_being_called(cls):
    assert cls(4).compute_output_shape((None, 7, 3)) == (None, 7, 4)
    with pytest.raises(ValueError, match="1 unit or more"):
        cls(0)


@BOTH
def test_a_layer_learns_digits(cls):
    (x, y), (x_test, y_test) = data.digits_arrays()
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), cls(32, "relu"), cls(10)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    model.fit(x, y, batch_size=64, epochs=5, verbose=0)
    assert model.evaluate(x_test, y_test, verbose=0)[1] > 0.85
