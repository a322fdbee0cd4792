import keras
import numpy as np
from selfcheck.checks import check, fail, random_input, values_close


def expected(rows, limit):
    rows = np.array(rows)
    for row in rows:
        while np.abs(row).sum() > limit:
            row /= 2
    return rows


def rows(count=8):
    scales = 4.0 ** np.arange(-3, count - 3)[:, None]
    return (np.asarray(random_input([count, 3])) * scales).astype(np.float32)


@check("halves each row by itself", section="model-flow")
def halves(s):
    for limit in (1.0, 3.0):
        batch = rows()
        found = s.Halving(limit)(batch)
        values_close(found, expected(batch, limit), rtol=1e-6, what=f"limit={limit}")
    batch = rows()
    values_close(s.Halving()(batch), expected(batch, 1.0), what="the default limit")
    edge = np.float32([[1.0, -1.0], [0.0, 0.0]])
    values_close(s.Halving(2.0)(edge), edge, what="rows at the limit and of zeros")


@check("works under predict", section="model-flow")
def predicts(s):
    batch = rows(9)
    found = s.Halving(2.0).predict(batch, batch_size=4, verbose=0)
    values_close(found, expected(batch, 2.0), rtol=1e-6, what="the predictions")


@check("works in a graph of calls", section="model-flow")
def graph(s):
    inputs = keras.Input((3,))
    model, batch = keras.Model(inputs, s.Halving(2.0)(inputs)), rows()
    values_close(
        model(batch), expected(batch, 2.0), rtol=1e-6, what="the model's output"
    )
    found = model.predict(batch, verbose=0)
    values_close(found, expected(batch, 2.0), rtol=1e-6, what="its predictions")


@check("a new limit counts, after predict as well", section="model-flow")
def assigned(s):
    model, batch = s.Halving(8.0), rows()
    model.predict(batch, verbose=0)
    model.limit.assign(0.5)
    for found in (model.predict(batch, verbose=0), model(batch)):
        values_close(found, expected(batch, 0.5), rtol=1e-6, what="after assign(0.5)")


@check("the limit is the model's, and not trained", section="model-adds")
def weights(s):
    model = s.Halving(2.0)
    model(rows())
    if len(model.variables) != 1 or model.trainable_variables:
        fail(
            "expected one variable, not trainable, got "
            f"{len(model.variables)}, {len(model.trainable_variables)} of them trainable"
        )
