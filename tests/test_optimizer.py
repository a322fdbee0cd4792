"""The miniature's optimizers against Keras's, step by step."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from microtf.keras import adam, clipping, loss_scale, schedules, sgd
from microtf.keras.variable import Variable

CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


def ours(cls):
    """Take Keras's arguments for the miniature's class."""

    def make(*args, **options):
        bounds = {name: options.pop(name) for name in CLIPS if name in options}
        return cls(*args, **options, clipping=clipping.Clipping(**bounds))

    return make


KERAS = SimpleNamespace(
    **{name: getattr(keras.optimizers, name) for name in ("SGD", "Adam", "AdamW")},
    LossScaleOptimizer=keras.optimizers.LossScaleOptimizer,
    schedules=keras.optimizers.schedules,
    Variable=keras.Variable,
    constant=tf.constant,
    function=tf.function,
    GradientTape=tf.GradientTape,
    reduce_sum=tf.reduce_sum,
)
MICRO = SimpleNamespace(
    SGD=ours(sgd.SGD),
    Adam=ours(adam.Adam),
    AdamW=ours(adam.AdamW),
    LossScaleOptimizer=loss_scale.LossScaleOptimizer,
    schedules=schedules,
    Variable=Variable,
    constant=mt.constant,
    function=mt.function,
    GradientTape=mt.GradientTape,
    reduce_sum=mt.reduce_sum,
)


@pytest.fixture(params=[KERAS, MICRO], ids=["keras", "microtf"])
def lib(request):
    """Keras first, the miniature second, under the same assert."""
    return request.param


def run(lib, make, steps=12, traced=False):
    """Follow random gradients with two weights, and return all their values."""
    random = np.random.default_rng(0)
    weights = [lib.Variable(np.float32([1.0, -2.0])), lib.Variable(np.float32([[3.0]]))]
    optimizer = make(lib)
    optimizer.build(weights)

    def step(first, second):
        optimizer.apply([first, second], weights)

    step = lib.function(step) if traced else step
    values = []
    for _ in range(steps):
        gradients = [random.normal(size=w.shape).astype(np.float32) for w in weights]
        step(*map(lib.constant, gradients))
        values += [np.asarray(w.numpy()).ravel() for w in weights]
    return np.concatenate(values)


MAKERS = {
    "sgd": lambda lib: lib.SGD(0.1),
    "momentum": lambda lib: lib.SGD(0.1, momentum=0.9),
    "nesterov": lambda lib: lib.SGD(0.1, momentum=0.9, nesterov=True),
    "adam": lambda lib: lib.Adam(0.1),
    "adam, other means": lambda lib: lib.Adam(0.1, beta_1=0.5, beta_2=0.9),
    "adamw": lambda lib: lib.AdamW(0.1, weight_decay=0.1),
    "sgd with decay": lambda lib: lib.SGD(0.1, weight_decay=0.1),
    "norm": lambda lib: lib.SGD(0.1, clipnorm=0.5),
    "value": lambda lib: lib.SGD(0.1, clipvalue=0.5),
    "global norm": lambda lib: lib.Adam(0.1, global_clipnorm=0.5),
    "accumulation": lambda lib: lib.SGD(0.1, gradient_accumulation_steps=4),
    "adam, accumulating": lambda lib: lib.AdamW(0.1, gradient_accumulation_steps=4),
    "clipped sums": lambda lib: lib.SGD(
        0.1, gradient_accumulation_steps=3, clipnorm=0.2
    ),
    "schedule": lambda lib: lib.SGD(lib.schedules.ExponentialDecay(1.0, 2, 0.5)),
    "stairs": lambda lib: lib.SGD(lib.schedules.ExponentialDecay(1.0, 3, 0.5, True)),
    "cosine": lambda lib: lib.Adam(lib.schedules.CosineDecay(0.1, 8)),
    "schedule of calls": lambda lib: lib.SGD(
        lib.schedules.ExponentialDecay(1.0, 1, 0.5), gradient_accumulation_steps=4
    ),
    "average": lambda lib: lib.SGD(0.1, use_ema=True, ema_momentum=0.5),
}


@pytest.mark.parametrize("traced", [False, True], ids=["eager", "traced"])
@pytest.mark.parametrize("name", MAKERS)
def test_every_step_is_keras_step(name, traced):
    theirs, mine = (run(lib, MAKERS[name], traced=traced) for lib in (KERAS, MICRO))
    assert np.ptp(theirs) > 0.1
    np.testing.assert_allclose(mine, theirs, rtol=2e-5, atol=2e-6)


def apply(lib, optimizer, weight, *gradients):
    for gradient in gradients:
        optimizer.apply([lib.constant([gradient])], [weight])


def test_slots_stand_beside_each_other(lib):
    weights = [
        lib.Variable(np.float32([1.0]), name=name) for name in ("kernel", "bias")
    ]
    optimizer = lib.Adam(0.1)
    optimizer.build(weights)
    assert [v.name.rpartition("/")[2] for v in optimizer.variables] == [
        "iteration",
        "learning_rate",
        "kernel_momentum",
        "kernel_velocity",
        "bias_momentum",
        "bias_velocity",
    ]


def test_a_weight_that_came_later_is_unknown(lib):
    first, second = (lib.Variable(np.float32([1.0])) for _ in range(2))
    optimizer = lib.SGD(0.1)
    apply(lib, optimizer, first, 1.0)
    with pytest.raises(ValueError, match=r"(?i)unknown variable"):
        apply(lib, optimizer, second, 1.0)


def test_a_weight_without_gradient_stays(lib):
    weights = [lib.Variable(np.float32([1.0])) for _ in range(2)]
    optimizer = lib.SGD(0.5)
    optimizer.build(weights)
    optimizer.apply([None, lib.constant([1.0])], weights)
    assert [float(w.numpy()[0]) for w in weights] == [1.0, 0.5]
    with pytest.raises(ValueError, match="gradient"):
        optimizer.apply([None, None], weights)


def test_at_most_one_bound(lib):
    with pytest.raises(ValueError, match="clip"):
        lib.SGD(0.1, clipnorm=1.0, clipvalue=1.0)


def test_an_infinite_gradient_spoils_a_globally_clipped_step(lib):
    weight = lib.Variable(np.float32([1.0]))
    apply(lib, lib.SGD(0.1, global_clipnorm=1.0), weight, np.inf)
    assert np.isnan(weight.numpy()).all()


def test_the_average_is_taken_at_every_call(lib):
    weight = lib.Variable(np.float32([0.0]))
    optimizer = lib.SGD(
        1.0, gradient_accumulation_steps=2, use_ema=True, ema_momentum=0.5
    )
    apply(lib, optimizer, weight, *[-1.0] * 6)
    optimizer.finalize_variable_values([weight])
    assert weight.numpy() == pytest.approx([2.375])  # 1, 1.5, 1.75, half way to 3


def test_a_rate_can_be_set_after_the_trace_and_momentum_cannot(lib):
    weight = lib.Variable(np.float32([0.0]))
    optimizer = lib.SGD(1.0, momentum=0.5)
    optimizer.build([weight])
    step = lib.function(lambda g: optimizer.apply([g], [weight]))
    step(lib.constant([-1.0]))
    optimizer.momentum, optimizer.learning_rate = 0.0, 0.0
    step(lib.constant([-1.0]))
    assert weight.numpy() == pytest.approx([1.5])  # half of the first step goes on


def test_a_rate_with_a_schedule_cannot_be_set(lib):
    optimizer = lib.SGD(lib.schedules.ExponentialDecay(1.0, 1, 0.5))
    with pytest.raises(TypeError, match=r"(?i)schedule"):
        optimizer.learning_rate = 0.1


@pytest.mark.parametrize("traced", [False, True], ids=["eager", "traced"])
def test_the_scale_halves_at_infinity_and_grows_again(lib, traced):
    weight = lib.Variable(np.float32([0.0]))
    optimizer = lib.LossScaleOptimizer(
        lib.SGD(1.0), initial_scale=8.0, dynamic_growth_steps=2
    )
    optimizer.build([weight])

    def step(gradient):
        optimizer.apply([gradient], [weight])

    step = lib.function(step) if traced else step
    seen = []
    for gradient in (-8.0, np.inf, -4.0, -4.0, np.nan, -4.0):
        step(lib.constant(np.float32([gradient])))
        scale = float(optimizer.dynamic_scale.numpy())
        seen.append((float(weight.numpy()[0]), scale))
    assert seen == [(1, 8), (1, 4), (2, 4), (3, 8), (3, 4), (4, 4)]


def test_a_scaled_loss_gives_the_step_of_the_loss(lib):
    weight = lib.Variable(np.float32([3.0]))
    optimizer = lib.LossScaleOptimizer(lib.SGD(0.1))
    optimizer.build([weight])
    with lib.GradientTape() as tape:
        loss = lib.reduce_sum(weight.value * weight.value)
        scaled = optimizer.scale_loss(loss)
    gradient = tape.gradient(scaled, weight.value)
    assert float(gradient.numpy()[0]) == 6.0 * 2**15
    optimizer.apply([gradient], [weight])
    assert weight.numpy() == pytest.approx([2.4])
