"""Optimizers to import: they compute what Keras's do, and survive a file."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from insidetf import optimizers


def follow(optimizer, steps=10):
    random = np.random.default_rng(0)
    weight = keras.Variable(np.float32([1.0, -2.0]))
    values = []
    for _ in range(steps):
        gradient = tf.constant(random.normal(size=2).astype(np.float32))
        optimizer.apply([gradient], [weight])
        values.append(weight.numpy())
    return np.stack(values)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (optimizers.Momentum(0.1, 0.8), keras.optimizers.SGD(0.1, momentum=0.8)),
        (optimizers.AdamW(0.1), keras.optimizers.AdamW(0.1)),
        (
            optimizers.AdamW(0.1, 0.1, clipnorm=0.5, gradient_accumulation_steps=3),
            keras.optimizers.AdamW(
                0.1, 0.1, clipnorm=0.5, gradient_accumulation_steps=3
            ),
        ),
    ],
    ids=["momentum", "adamw", "adamw, clipped and accumulating"],
)
def test_a_rule_of_our_own_is_keras_rule(ours, theirs):
    np.testing.assert_allclose(follow(ours), follow(theirs), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda: optimizers.Momentum(optimizers.WarmupCosine(0.1, 2, 8), clipnorm=1.0),
        lambda: optimizers.AdamW(
            optimizers.PerUpdate(keras.optimizers.schedules.CosineDecay(0.1, 8), 2),
            gradient_accumulation_steps=2,
            use_ema=True,
        ),
    ],
    ids=["momentum", "adamw"],
)
def test_a_model_goes_on_where_its_file_ended(make, tmp_path):
    random = np.random.default_rng(0)
    x, y = random.normal(size=(2, 8, 4)).astype(np.float32)
    model = keras.Sequential([keras.Input([4]), keras.layers.Dense(4)])
    model.compile(make(), "mse")
    model.fit(x, y, batch_size=4, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    losses = [m.fit(x, y, 4, 2, 0, shuffle=False).history for m in (model, again)]
    np.testing.assert_allclose(*[h["loss"] for h in losses], rtol=1e-6)


def test_the_rate_climbs_and_falls():
    schedule = optimizers.WarmupCosine(2.0, warmup=4, total=20)
    rates = [float(schedule(step)) for step in range(25)]
    assert max(rates) == rates[3] == 2.0
    assert np.all(np.diff(rates[:4]) > 0) and np.all(np.diff(rates[4:20]) < 0)
    assert rates[20:] == pytest.approx([0.0] * 5)


@pytest.mark.parametrize("warmup", [0, 20, 30])
def test_a_warmup_lies_within_the_whole(warmup):
    with pytest.raises(ValueError, match="0 < warmup < total"):
        optimizers.WarmupCosine(1.0, warmup, 20)


def test_a_momentum_is_a_part():
    with pytest.raises(ValueError, match="from 0 up to 1"):
        optimizers.Momentum(momentum=1.0)


def test_a_rate_per_update_stays_while_gradients_accumulate():
    halving = keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5)
    rates = [float(optimizers.PerUpdate(halving, 3)(call)) for call in range(7)]
    assert rates == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]


def test_weights_are_averages_for_a_block():
    weight = keras.Variable(np.float32([0.0]))
    optimizer = keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5)
    for _ in range(3):
        optimizer.apply([tf.constant([-1.0])], [weight])
    with pytest.raises(KeyError), optimizers.averaged(optimizer, [weight]):
        assert weight.numpy() == pytest.approx([2.25])
        raise KeyError
    assert weight.numpy() == pytest.approx([3.0])


def test_without_averages_there_is_nothing_to_give():
    without = optimizers.averaged(keras.optimizers.SGD(), [])
    with pytest.raises(ValueError, match="use_ema=True"), without:
        pass
