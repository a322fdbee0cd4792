import tempfile

import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def model_of(body, classes, width=4):
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.body, self.head = body, keras.layers.Dense(classes)

        def call(self, inputs):
            return self.head(self.body(inputs))

    net = Net()
    net(np.ones((1, width), np.float32))
    net.set_weights([random_input(w.shape) for w in net.get_weights()])
    return net


def saved(net):
    return tf.train.Checkpoint(model=net).write(tempfile.mkdtemp() + "/c")


def deep():
    return keras.Sequential([keras.layers.Dense(3, "relu"), keras.layers.Dense(2)])


def restore(s, prefix, body):
    try:
        s.restore_body(prefix, body)
    except AssertionError as error:
        fail(f"expected the body to be restored, got {str(error)[:200]}")


@check("fills the body", section="saving-partial")
def fills(s):
    old, new = (model_of(keras.layers.Dense(3), n) for n in (10, 2))
    restore(s, saved(old), new.body)
    for found, expected in zip(new.body.get_weights(), old.body.get_weights()):
        values_close(found, expected, what="a weight of the body")


@check("fills a body of several layers", section="saving-partial")
def fills_deep(s):
    old, new = (model_of(deep(), n) for n in (10, 2))
    prefix = saved(old)
    try:
        s.restore_body(prefix, new.body)
    except (AssertionError, AttributeError) as error:
        fail(f"expected a Sequential body to be restored, got {error!r:.200}")
    for found, expected in zip(new.body.get_weights(), old.body.get_weights()):
        values_close(found, expected, what="a weight of the body")


@check("leaves the head alone", section="saving-partial")
def head(s):
    old, new = (model_of(keras.layers.Dense(3), 5) for _ in range(2))
    before = new.head.get_weights()
    restore(s, saved(old), new.body)
    for found, expected in zip(new.head.get_weights(), before):
        values_close(found, expected, what="a weight of the head")


@check("complains of what got no value", section="saving-partial")
def complains(s):
    old = model_of(keras.layers.Dense(3, use_bias=False), 2)
    new = model_of(keras.layers.Dense(3), 2)
    try:
        s.restore_body(saved(old), new.body)
    except AssertionError:
        return
    fail(
        "expected an AssertionError: the file has no bias for the body, and the body has "
        "one; nothing was raised"
    )


@check("complains of a file with another body", section="saving-partial")
def other(s):
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.backbone = keras.layers.Dense(3)

        def call(self, inputs):
            return self.backbone(inputs)

    net, new = Net(), model_of(keras.layers.Dense(3), 2)
    net(np.ones((1, 4), np.float32))
    try:
        s.restore_body(saved(net), new.body)
    except AssertionError:
        return
    fail("expected an AssertionError: the file has no body at all; nothing was raised")
