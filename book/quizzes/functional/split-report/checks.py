import keras
import numpy as np
from selfcheck.checks import check, fail, random_input, values_close


def losses_of(n, *names):
    return {name: np.abs(random_input([n])) + 0.5 for name in names}


def numbers(s, losses, weights, batch_size):
    result = s.report(losses, weights, batch_size)
    wanted = {"loss", *(f"{name}_loss" for name in losses)}
    if set(result) != wanted:
        fail(f"expected the names {sorted(wanted)}, got {sorted(result)}")
    return result


@check("weights are in the total", section="functional-heads")
def weighted(s):
    losses = losses_of(8, "a", "b")
    result = numbers(s, losses, {"a": 2.0, "b": 0.25}, 4)
    expected = 2.0 * losses["a"].mean() + 0.25 * losses["b"].mean()
    values_close(result["loss"], expected, what="the loss with weights 2 and 0.25")


@check("weights are in no other number", section="functional-heads")
def parts(s):
    losses = losses_of(8, "a", "b")
    result = numbers(s, losses, {"a": 2.0, "b": 0.25}, 4)
    for name, values in losses.items():
        values_close(result[f"{name}_loss"], values.mean(), what=f"{name}_loss")


@check("the loss of a head is a mean over batches", section="functional-heads")
def batches(s):
    losses = {"a": np.array([1.0, 1.0, 1.0, 1.0, 6.0]), "b": np.ones(5)}
    result = numbers(s, losses, {"a": 1.0, "b": 1.0}, 4)
    values_close(
        result["a_loss"], 3.5, what="a_loss of [1, 1, 1, 1, 6] in batches of 4"
    )


@check("the total is a mean over examples", section="functional-heads")
def total(s):
    losses = {"a": np.array([1.0, 1.0, 1.0, 1.0, 6.0]), "b": np.ones(5)}
    result = numbers(s, losses, {"a": 1.0, "b": 1.0}, 4)
    values_close(result["loss"], 3.0, what="the loss of 2 and 1 as means over examples")


@check("as Keras reports", section="functional-heads")
def as_keras(s):
    names, weights = ("p", "q", "r"), {"p": 1.0, "q": 3.0, "r": 0.5}
    x = keras.Input((3,))
    model = keras.Model(x, [keras.layers.Dense(1, name=name)(x) for name in names])
    model.compile(loss=["mse"] * 3, loss_weights=list(weights.values()))
    rows = random_input([11, 3])
    targets = [random_input([11, 1]) for _ in names]
    reported = model.evaluate(rows, targets, batch_size=4, verbose=0, return_dict=True)
    errors = {
        name: ((output.numpy() - y) ** 2)[:, 0]
        for name, output, y in zip(names, model(rows), targets, strict=True)
    }
    result = numbers(s, errors, weights, 4)
    for name, value in reported.items():
        values_close(result[name], value, what=name, rtol=1e-3)
