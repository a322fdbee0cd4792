import json
import tempfile

import keras
import numpy as np
from selfcheck.checks import check, equal, fail, random_input, values_close


def round_trip(model):
    path = tempfile.mkdtemp() + "/m.keras"
    model.save(path)
    return keras.models.load_model(path)


def made(s, *args, frozen=False, **options):
    model, x = s.Gain(*args, **options), random_input([5, 4])
    model(x)
    model.dense.set_weights([random_input(w.shape) for w in model.dense.get_weights()])
    model.dense.trainable = not frozen
    return model, x


@check("is still a gain times a dense layer", section="saving-config")
def formula(s):
    for gain, name in ((3.0, "relu"), (-2.0, "tanh"), (None, None)):
        options = {} if gain is None else {"gain": gain}
        model, x = made(s, 3, activation=name, **options)
        kernel, bias = model.dense.get_weights()
        expected = keras.activations.get(name)(np.array(x) @ kernel + bias)
        expected = (1.0 if gain is None else gain) * expected
        values_close(model(x), expected, rtol=1e-4, what=f"gain={gain}, {name!r}")


@check("a loaded model computes the same", section="saving-config")
def computes(s):
    given = [
        ((3,), {}),
        ((2, 4.0), {}),
        ((2,), {"gain": -0.5, "activation": "relu"}),
        ((2,), {"activation": keras.activations.tanh}),
    ]
    for args, options in given:
        model, x = made(s, *args, **options)
        try:
            found = round_trip(model)(x)
        except (NotImplementedError, TypeError, ValueError) as error:
            fail(f"expected Gain{args}, {options} to come back, got {error!r:.300}")
        values_close(found, model(x), rtol=1e-4, what=f"Gain{args}, {options}, loaded")


@check("the arguments come back", section="saving-config")
def arguments(s):
    model, _ = made(s, 2, gain=7.0, activation="elu")
    loaded = round_trip(model)
    equal(loaded.units, 2, what="units")
    equal(loaded.gain, 7.0, what="gain")
    if loaded.activation is not keras.activations.elu:
        fail(f"expected the activation elu, got {loaded.activation}")


@check("a frozen part is frozen again", section="saving-config")
def frozen(s):
    loaded = round_trip(made(s, 2, frozen=True)[0])
    equal(loaded.dense.trainable, False, what="dense.trainable after loading")


@check("what was not frozen is not frozen", section="saving-config")
def not_frozen(s):
    loaded = round_trip(made(s, 2)[0])
    equal(loaded.dense.trainable, True, what="dense.trainable after loading")
    fresh = s.Gain(2)
    equal(fresh.dense.trainable, True, what="dense.trainable of a new model")


@check("the configuration can be held by a file", section="saving-config")
def plain(s):
    config = made(s, 2, activation=keras.activations.gelu)[0].get_config()
    inner = {k: v for k, v in config.items() if k != "dtype"}
    try:
        json.dumps(inner)
    except TypeError as error:
        fail(f"expected numbers and names in get_config(), got {inner}: {error}")


@check("the name comes back", section="saving-config")
def name(s):
    equal(round_trip(made(s, 2, name="loud")[0]).name, "loud", what="the name")


@check("twice is as good as once", section="saving-config")
def twice(s):
    model, x = made(s, 3, 2.0, "tanh", frozen=True)
    again = round_trip(round_trip(model))
    values_close(again(x), model(x), rtol=1e-4, what="the model, loaded twice")
    equal(again.dense.trainable, False, what="dense.trainable after two round trips")
    if not np.all(np.isfinite(again(x))):
        fail("expected finite outputs")
