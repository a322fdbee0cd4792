import tempfile

import keras
import numpy as np
from selfcheck.checks import check, fail, random_input, values_close


def encoder(size=2):
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(size)])


def pairs():
    return {"left": random_input([6, 3]), "right": random_input([6, 3])}


def returned(model):
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder + "/m.keras")
        return keras.models.load_model(folder + "/m.keras")


@check("computes", section="model-share")
def computes(s):
    inner, batch = encoder(), pairs()
    for options in ({}, {"margin": 2.5}):
        margin = options.get("margin", 1.0)
        there = np.linalg.norm(inner(batch["left"]) - inner(batch["right"]), axis=-1)
        expected = 1 / (1 + np.exp(there - margin))
        values_close(
            s.Verifier(inner, **options)(batch),
            expected,
            rtol=1e-4,
            atol=1e-4,
            what=f"the output for {options}",
        )


@check("has one set of weights", section="model-share")
def shares(s):
    inner = encoder()
    model = s.Verifier(inner)
    model(pairs())
    if {id(v) for v in model.weights} != {id(v) for v in inner.weights}:
        fail(
            f"expected the encoder's {len(inner.weights)} weights, got {model.weights}"
        )


@check("comes back with its outputs", section="model-config")
def outputs(s):
    for margin in (1.0, 2.5):
        model, batch = s.Verifier(encoder(), margin=margin), pairs()
        before = model(batch)
        again = returned(model)
        values_close(
            again(batch), before, rtol=1e-4, atol=1e-5, what="the loaded model"
        )


@check("comes back with its arguments", section="model-config")
def arguments(s):
    model = s.Verifier(encoder(5), margin=2.5, name="own")
    model(pairs())
    again = returned(model)
    if again.margin != 2.5:
        fail(f"expected margin=2.5 after loading, got {again.margin}")
    if again.encoder.output_shape != (None, 5):
        fail(f"expected an encoder of size 5, got {again.encoder.output_shape}")
    if again.name != "own":
        fail(f"expected the name 'own' after loading, got {again.name!r}")


@check("trains after loading", section="model-config")
def trains(s):
    model, batch = s.Verifier(encoder()), pairs()
    batch["right"] = np.array(batch["right"])
    batch["right"][0] = batch["left"][0]  # a distance of zero
    model(batch)
    again = returned(model)
    before = [np.array(w) for w in again.get_weights()]
    again.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
    again.fit(batch, np.float32([1, 0, 1, 0, 1, 0]), epochs=2, verbose=0)
    if not np.all(np.isfinite(again.get_weights()[0])):
        fail("expected finite weights after training on a pair of equal inputs")
    if np.array_equal(before[0], again.get_weights()[0]):
        fail("expected the encoder's kernel to move in fit; it did not")
