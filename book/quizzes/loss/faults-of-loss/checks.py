import keras
import numpy as np
from keras import ops
from selfcheck.checks import check, fail, random_input


class Healthy(keras.losses.Loss):
    """Squared errors, those below the label thrice, with a switch for each fault."""

    def __init__(self, factor=1.0, faults=(), **options):
        super().__init__(**options)
        self.factor, self.faults = factor, tuple(faults)

    def __call__(self, y_true, y_pred, sample_weight=None):
        if "weights" in self.faults:
            sample_weight = None
        if "mask" in self.faults:
            y_pred = ops.convert_to_tensor(y_pred) * 1.0
        return super().__call__(y_true, y_pred, sample_weight)

    def call(self, y_true, y_pred):
        if "labels" not in self.faults:
            y_true, y_pred = ops.reshape(y_true, (-1, 1)), ops.reshape(y_pred, (-1, 1))
        error = y_pred - y_true
        return self.factor * ops.square(error) * ops.where(error < 0.0, 3.0, 1.0)

    def get_config(self):
        config = super().get_config() | {"faults": self.faults}
        return config if "config" in self.faults else config | {"factor": self.factor}


def data():
    labels, noise = random_input([6]).numpy(), random_input([6]).numpy()
    # A table and its diagonal have equal means where labels tell nothing of outputs.
    return labels, (2.0 - 3.0 * labels + 0.3 * noise)[:, np.newaxis]


def compare(s, loss, expected, what):
    labels, outputs = data()
    before = labels.copy(), outputs.copy()
    found = s.faults(loss, labels, outputs)
    if not isinstance(found, (set, frozenset)) or set(found) != set(expected):
        fail(f"expected {sorted(expected)} for {what}, got {found!r}")
    if not all(np.array_equal(a, b) for a, b in zip(before, (labels, outputs))):
        fail(f"expected the arrays to be left as they are; {what} changed them")


@check("finds nothing in a healthy loss", section="loss-shape")
def healthy(s):
    compare(s, keras.losses.MeanSquaredError(), (), "the mean squared error")
    compare(s, Healthy(2.0), (), "a loss that returns (B, 1)")


@check("finds nothing, whatever the reduction is", section="loss-reduce")
def reductions(s):
    for name in ("sum", "mean_with_sample_weight", "none"):
        loss = keras.losses.MeanAbsoluteError(reduction=name)
        compare(s, loss, (), f"the mean absolute error with reduction={name!r}")


@check("labels that meet all outputs", section="loss-shape")
def labels(s):
    compare(s, Healthy(faults=["labels"]), ["labels"], "a loss that does not align")


@check("weights without effect", section="loss-weights")
def weights(s):
    loss = Healthy(faults=["weights"])
    compare(s, loss, ["weights"], "a loss that drops its weights")


@check("a mask without effect", section="loss-mask")
def mask(s):
    compare(s, Healthy(faults=["mask"]), ["mask"], "a loss that loses the mask")


@check("a scalar, which is past both", section="loss-reduce")
def scalar(s):
    class Scalar(Healthy):
        def call(self, y_true, y_pred):
            return ops.mean(super().call(y_true, y_pred))

    compare(s, Scalar(), ["weights", "mask"], "a loss whose call returns a scalar")


@check("a configuration that forgets", section="loss-parameters")
def config(s):
    loss = Healthy(3.0, faults=["config"])
    compare(s, loss, ["config"], "a loss whose get_config has no factor")
    compare(s, keras.losses.Huber(3.0), ["config"], "keras.losses.Huber(3.0)")


@check("several at once", section="loss-parameters")
def several(s):
    for names in (["labels", "config"], ["labels", "weights", "mask", "config"]):
        compare(s, Healthy(3.0, faults=names), names, f"a loss with {names}")
