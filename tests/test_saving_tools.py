"""Files, opened: nothing is missing in what is listed, and in what is reported."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from insidetf import saving

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")
X = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


@keras.saving.register_keras_serializable("tools")
class Scaled(keras.layers.Layer):
    def __init__(self, factor=1.0, **options):
        super().__init__(**options)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor


def chain(head=2, name="head"):
    body = keras.Sequential(
        [keras.layers.Dense(3, "relu"), keras.layers.Dense(3)], name="body"
    )
    parts = [keras.Input((4,)), body, Scaled(2.0), keras.layers.Dense(head, name=name)]
    return keras.Sequential(parts)


def test_members_of_each_kind_of_file_are_listed(tmp_path):
    model = chain()
    model.save(tmp_path / "m.keras")
    model.save_weights(tmp_path / "m.weights.h5")
    prefix = tf.train.Checkpoint(model=model).write(str(tmp_path / "c" / "m"))
    assert list(saving.members(tmp_path / "m.keras")) == [
        "metadata.json",
        "config.json",
        "model.weights.h5",
    ]
    assert list(saving.members(tmp_path / "m.weights.h5")) == ["m.weights.h5"]
    parts = ["m.data-00000-of-00001", "m.index"]
    assert list(saving.members(prefix)) == parts
    assert list(saving.members(tmp_path / "c")) == parts
    with pytest.raises(FileNotFoundError, match="none"):
        saving.members(tmp_path / "none")


def test_names_that_a_file_asks_for_are_listed_once(tmp_path):
    model = chain()
    model.compile("sgd", "mse")
    model.save(tmp_path / "m.keras")
    found = saving.classes(tmp_path / "m.keras")
    assert found.count("keras.layers.Dense") == 1
    assert "tools>Scaled" in found and "keras.Sequential" in found
    assert saving.config(tmp_path / "m.keras")["compile_config"]["loss"] == "mse"


def test_weights_are_the_same_in_both_files(tmp_path):
    model = chain()
    model.save(tmp_path / "m.keras")
    model.save_weights(tmp_path / "m.weights.h5")
    found = saving.weights(tmp_path / "m.keras")
    assert found == saving.weights(tmp_path / "m.weights.h5")
    assert found["layers/sequential/layers/dense/vars/0"] == (4, 3)
    assert len(found) == len(model.weights)


def test_the_graph_of_a_checkpoint_leads_to_all_values(tmp_path):
    inner, outer = tf.Module(), tf.Module()
    inner.w, outer.inner, outer.same = tf.Variable([1.0]), inner, [inner]
    prefix = tf.train.Checkpoint(net=outer).write(str(tmp_path / "c"))
    found = saving.objects(prefix)
    assert found[0].children.keys() == {"net"} and found[0].path == ""
    (value,) = [x for x in found if x.keys]
    assert value.path == "net/inner/w"
    assert saving.values(prefix) == {"net/inner/w": (1,)}
    figure = saving.draw_objects(found)
    texts = sorted(text.get_text() for text in figure.axes[0].texts)
    assert texts == [" w ", "inner", "net", "root", "same"]
    hidden = saving.draw_objects(found, hidden=["same"]).axes[0].texts
    assert len(hidden) == len(texts) - 1


def test_an_export_lists_what_can_be_called(tmp_path):
    chain().export(tmp_path / "e", verbose=False)
    found = saving.exported(tmp_path / "e")
    assert {"serve", "serving_default"} <= set(found.signatures)
    assert found.signatures["serve"][1] == ("output_0",)
    assert any("call" in name for name in found.functions)
    assert found.version == tf.__version__
    assert sum(shape == (4, 3) for shape in found.values.values()) >= 1


def test_a_restoration_reports_what_is_left_on_both_sides(tmp_path):
    saved, other = chain(2), chain(5)
    prefix = tf.train.Checkpoint(body=saved.layers[0], head=saved.layers[2]).write(
        str(tmp_path / "c")
    )
    before = other.layers[2].get_weights()
    report = saving.restore(prefix, body=other.layers[0])
    assert len(report.restored) == 4 and report.kept == ()
    assert report.unused == ("head/_kernel", "head/bias")
    assert saving.differs(saved.layers[0], other.layers[0]) == 0.0
    for left, right in zip(before, other.layers[2].get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


def test_a_restoration_that_would_do_nothing_is_an_error(tmp_path):
    prefix = tf.train.Checkpoint(model=chain()).write(str(tmp_path / "c"))
    with pytest.raises(ValueError, match="names must be those"):
        saving.restore(prefix, net=chain())


def test_a_restoration_with_another_shape_changes_nothing(tmp_path):
    saved, other = chain(2), chain(5)
    prefix = tf.train.Checkpoint(model=saved).write(str(tmp_path / "c"))
    before = [w.copy() for w in other.get_weights()]
    with pytest.raises(ValueError, match="expected shape"):
        saving.restore(prefix, model=other)
    for left, right in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("ending", ["m.weights.h5", "m.keras"])
def test_layers_are_transferred_by_their_names(ending, tmp_path):
    saved, other = chain(2), chain(5, "other")
    (saved.save_weights if "h5" in ending else saved.save)(tmp_path / ending)
    report = saving.transfer(tmp_path / ending, other)
    assert report == saving.Report(("body",), ("other",), ("head",))
    assert saving.differs(saved.layers[0], other.layers[0]) == 0.0


def test_a_layer_of_another_shape_is_left_as_it_is(tmp_path):
    saved, other = chain(2), chain(5)
    saved.save_weights(tmp_path / "m.weights.h5")
    report = saving.transfer(tmp_path / "m.weights.h5", other)
    assert report == saving.Report(("body",), ("head",), ("head",))


def test_a_renamed_layer_is_found_if_one_says_so(tmp_path):
    saved, other = chain(2), chain(2, "other")
    saved.save_weights(tmp_path / "m.weights.h5")
    report = saving.transfer(tmp_path / "m.weights.h5", other, {"other": "head"})
    assert report == saving.Report(("body", "other"), (), ())
    np.testing.assert_allclose(other(X), saved(X), rtol=1e-6)


def test_layers_in_attributes_and_lists_are_found_too(tmp_path):
    class Net(keras.Model):
        def __init__(self, names):
            super().__init__()
            self.a = keras.layers.Dense(3, name=names[0])
            self.tail = [keras.layers.Dense(3, name=names[1])]

        def call(self, inputs):
            return self.tail[0](self.a(inputs))

    saved, other = Net(["one", "two"]), Net(["two", "three"])
    saved(X), other(X[:, :3])
    saved.save_weights(tmp_path / "m.weights.h5")
    report = saving.transfer(tmp_path / "m.weights.h5", other)
    assert report == saving.Report(("two",), ("three",), ("one",))
    assert saving.differs(saved.tail[0], other.a) == 0.0


def test_a_transfer_that_would_do_nothing_is_an_error(tmp_path):
    chain().save_weights(tmp_path / "m.weights.h5")
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, name="x")])
    with pytest.raises(ValueError, match="expected layers named"):
        saving.transfer(tmp_path / "m.weights.h5", other)


def in_container(container):
    class Listed(keras.Model):
        def __init__(self):
            super().__init__()
            self.first = keras.layers.Dense(4)
            self.parts = container([keras.layers.Dense(4)])

        def call(self, inputs):
            return self.parts[0](self.first(inputs))

    model = Listed()
    model(X)
    return model


def test_a_checkpoint_of_keras_does_not_hold_layers_in_lists(tmp_path):
    # When this fails, the chapter's section on names has to change.
    written = {
        kind.__name__: len(
            saving.values(
                tf.train.Checkpoint(net=in_container(kind)).write(
                    str(tmp_path / kind.__name__)
                )
            )
        )
        for kind in (list, tuple)
    }
    assert written == {"list": 2, "tuple": 4}


def test_a_restoration_reports_weights_that_no_edge_leads_to(tmp_path):
    prefix = tf.train.Checkpoint(net=in_container(list)).write(str(tmp_path / "c"))
    report = saving.restore(prefix, net=in_container(list))
    assert len(report.restored) == 2 and report.unused == ()
    assert [path.rpartition("/")[2] for path in report.kept] == ["bias", "kernel"]


def test_a_subclass_that_is_restored_before_its_first_call_keeps_a_kernel(tmp_path):
    # When this fails, the chapter's section on deferred values has to change.
    class Chain(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = keras.layers.Dense(4), keras.layers.Dense(2)

        def call(self, inputs):
            return self.second(self.first(inputs))

    saved, early = Chain(), Chain()
    saved(X)
    prefix = tf.train.Checkpoint(net=saved).write(str(tmp_path / "c"))
    tf.train.Checkpoint(net=early).read(prefix).expect_partial()
    early(X)
    assert len(early.first.weights) == 3
    assert not np.array_equal(early.first.kernel, saved.first.kernel)
    assert np.array_equal(early.second.kernel, saved.second.kernel)
