import tempfile

import keras
import numpy as np
from selfcheck.checks import check, fail, random_input, values_close


def model_of(s, *blocks):
    return keras.Sequential([keras.Input((8, 8, 2)), *(s.Block(*b) for b in blocks)])


@check("all convolutions are listed", section="model-adds")
def listed(s):
    for filters, repetitions in ((4, 1), (3, 3)):
        block = s.Block(filters, repetitions)
        block(random_input([2, 8, 8, 2]))
        expected = (18 + 1) * filters + (repetitions - 1) * (9 * filters + 1) * filters
        if block.count_params() != expected:
            fail(
                f"expected {expected} weights in {repetitions} convolutions of {filters} "
                f"filters, got {block.count_params()}"
            )
        if len(block.trainable_variables) != 2 * repetitions:
            fail(
                f"expected {2 * repetitions} trainable variables, got "
                f"{len(block.trainable_variables)}"
            )


@check("its weights exist after build, in order", section="model-blocks")
def built(s):
    block = s.Block(4, 11)
    block.build((None, 8, 8, 2))
    kernels = [v for v in block.weights if v.name == "kernel"]
    if len(kernels) != 11 or any(
        kernel is not block.convolution(i).kernel for i, kernel in enumerate(kernels)
    ):
        fail(
            "expected 11 kernels after build, those of convolution(0), convolution(1), …, "
            f"got {len(kernels)}, or in another order"
        )


@check("computes the same", section="model-blocks")
def computes(s):
    block, x = s.Block(4, 3), random_input([2, 8, 8, 2])
    y = found = block(x)
    y = x
    for i in range(3):
        y = block.convolution(i)(y)
    values_close(found, keras.layers.MaxPooling2D()(y), rtol=1e-4, what="the block")
    if np.any(np.asarray(found) < 0) or not np.any(np.asarray(found) > 0):
        fail("expected outputs of relu, some of them positive")


@check("trains", section="model-blocks")
def trains(s):
    keras.utils.set_random_seed(1)
    model = model_of(s, (4, 2))
    before = [np.array(w) for w in model.get_weights()]
    model.compile(keras.optimizers.Adam(0.01), "mse")
    model.fit(random_input([16, 8, 8, 2]), np.ones((16, 4, 4, 4)), epochs=3, verbose=0)
    still = [np.array_equal(a, b) for a, b in zip(before, model.get_weights())]
    if len(before) != 4 or any(still):
        fail(
            f"expected all 4 weights to move in fit, {sum(still)} of {len(before)} did not"
        )


@check("comes back from a file", section="model-config")
def returns(s):
    model, x = model_of(s, (4, 2), (6, 3)), random_input([2, 8, 8, 2])
    before = model(x)
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder + "/m.keras")
        again = keras.models.load_model(folder + "/m.keras")
    values_close(again(x), before, rtol=1e-4, atol=1e-5, what="the loaded model")
    block = s.Block(5, 2, name="own")
    again = s.Block.from_config(block.get_config())
    again.build((None, 8, 8, 2))
    if again.count_params() != 19 * 5 + 46 * 5:
        fail("expected Block(5, 2) from its own configuration, got other arguments")
    if again.name != "own":
        fail(f"expected the name 'own' from its own configuration, got {again.name!r}")
