"""Files of the miniature against Keras's: paths, configurations, refusals, silences."""

import io
import json
import warnings
import zipfile
from types import SimpleNamespace

import h5py
import keras
import numpy as np
import pytest

from microtf.keras import (
    input_layer,
    layers,
    model,
    ops,
    saving,
    sequential,
    serialization,
    sgd,
)


def keras_values(path):
    """The values in a `.keras` file by path: what HDF5 calls its datasets."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        content = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(content) as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[()]})
                if isinstance(item, h5py.Dataset)
                else None
            )
        )
    return found


def micro_values(path):
    with zipfile.ZipFile(path) as archive:
        return dict(np.load(io.BytesIO(archive.read(saving.WEIGHTS))))


KERAS = SimpleNamespace(
    name="keras",
    layers=keras.layers,
    Input=keras.Input,
    Model=keras.Model,
    Sequential=keras.Sequential,
    SGD=keras.optimizers.SGD,
    ops=keras.ops,
    values=keras_values,
    load=keras.models.load_model,
    register=keras.saving.register_keras_serializable,
    serialize=keras.saving.serialize_keras_object,
    deserialize=keras.saving.deserialize_keras_object,
)
MICRO = SimpleNamespace(
    name="microtf",
    layers=SimpleNamespace(**{**vars(layers), "Layer": layers.Layer}),
    Input=input_layer.Input,
    Model=model.Model,
    Sequential=sequential.Sequential,
    SGD=sgd.SGD,
    ops=ops,
    values=micro_values,
    load=saving.load_model,
    register=serialization.register_keras_serializable,
    serialize=serialization.serialize_keras_object,
    deserialize=serialization.deserialize_keras_object,
)
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")
X = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


@pytest.fixture(params=[KERAS, MICRO], ids=["keras", "microtf"])
def lib(request):
    """Keras first, the miniature second, under the same assert."""
    return request.param


def chain(lib):
    return lib.Sequential(
        [
            lib.Input((4,)),
            lib.layers.Dense(3, activation="relu", name="some"),
            lib.layers.Dropout(0.5),
            lib.layers.BatchNormalization(),
            lib.layers.Dense(2, name="other"),
        ]
    )


CHAIN = [
    "layers/batch_normalization/vars/0",
    "layers/batch_normalization/vars/1",
    "layers/batch_normalization/vars/2",
    "layers/batch_normalization/vars/3",
    "layers/dense/vars/0",
    "layers/dense/vars/1",
    "layers/dense_1/vars/0",
    "layers/dense_1/vars/1",
]


def test_values_are_filed_under_classes_and_not_under_names(lib, tmp_path):
    chain(lib).save(tmp_path / "m.keras")
    assert sorted(lib.values(tmp_path / "m.keras")) == CHAIN  # and no seed


def test_a_graph_of_calls_is_filed_as_a_list_of_layers(lib, tmp_path):
    x = lib.Input((4,))
    shared = lib.layers.Dense(4, name="shared")
    graph = lib.Model(x, lib.layers.Dense(1, name="head")(shared(shared(x))))
    if lib is KERAS:
        graph.save(tmp_path / "m.keras")
        found = lib.values(tmp_path / "m.keras")
    else:  # the miniature has no configuration for a graph of calls
        found = saving.save_state(graph)
    assert sorted(found) == CHAIN[4:]


def nest(lib, package):
    """A model whose layers are attributes, items, values, and behind its back."""

    @lib.register(package)
    class Block(lib.layers.Layer):
        def __init__(self, **options):
            super().__init__(**options)
            self.zoom = lib.layers.Dense(4)
            self.scale = self.add_weight(shape=(4,), initializer="ones", name="s")

        def call(self, inputs):
            return self.zoom(inputs) * self.scale

    @lib.register(package)
    class Net(lib.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self._hidden = lib.layers.Dense(4)
            self.listed = [lib.layers.Dense(4), Block(), [lib.layers.Dense(4)]]
            self.by_name = {"b": lib.layers.Dense(4), "a": lib.layers.Dense(4)}
            self.twice = self.listed[0]
            vars(self)["behind"] = lib.layers.Dense(4)

        def call(self, inputs):
            for layer in [self._hidden, *self.listed[:2], self.listed[2][0]]:
                inputs = layer(inputs)
            for layer in self.by_name.values():
                inputs = layer(inputs)
            return self.behind(inputs)

    return Net()


def places(lib, path):
    return {place.rpartition("/vars/")[0] for place in lib.values(path)}


def test_the_walk_goes_over_attributes_in_alphabetic_order(lib, tmp_path):
    # `layers` is an attribute of every model: what comes before it in the alphabet is
    # filed under its own name, and what comes after it is filed by its number.
    net = nest(lib, f"walk-{lib.name}")
    net(X)
    net.save(tmp_path / "m.keras")
    assert places(lib, tmp_path / "m.keras") == {
        "behind",
        "by_name/dense",
        "by_name/dense_1",
        "layers/block",
        "layers/block/zoom",
        "layers/dense",
        "layers/dense_1",
        "layers/dense_2",
    }


def test_a_chain_comes_back_with_its_values(lib, tmp_path):
    saved = chain(lib)
    values = [np.random.default_rng(1).uniform(size=v.shape) for v in saved.weights]
    saved.set_weights(values)
    saved.save(tmp_path / "m.keras")
    again = lib.load(tmp_path / "m.keras")
    assert [layer.name for layer in again.layers][::3] == ["some", "other"]
    for found, expected in zip(again.get_weights(), values, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_class_of_ones_own_comes_back_by_its_registered_name(lib, tmp_path):
    net = nest(lib, f"back-{lib.name}")
    expected = np.asarray(net(X))
    net.save(tmp_path / "m.keras")
    again = lib.load(tmp_path / "m.keras")
    assert type(again) is type(net) and again.built
    np.testing.assert_allclose(again(X), expected, rtol=1e-5)


def test_slots_are_filed_beside_the_layers(lib, tmp_path):
    net = chain(lib)
    net.compile(lib.SGD(0.1, momentum=0.9), "mse")
    net.train_on_batch(X, X[:, :2])
    net.save(tmp_path / "m.keras")
    values = lib.values(tmp_path / "m.keras")
    slots = sorted(path for path in values if path.startswith("optimizer"))
    assert slots == [f"optimizer/vars/{n}" for n in range(2 + 6)]
    assert values["optimizer/vars/0"] == 1  # steps
    np.testing.assert_allclose(values["optimizer/vars/1"], 0.1)


def heads(lib, package, order):
    """Two heads of one shape, made in an order."""

    @lib.register(package)
    class Heads(lib.Model):
        def __init__(self, **options):
            super().__init__(**options)
            for name in order:
                setattr(self, name, lib.layers.Dense(1))

        def call(self, inputs):
            return [getattr(self, name)(inputs) for name in sorted(order)]

    return Heads()


@pytest.mark.parametrize("names, crossed", [(("mean", "spread"), 1), (("a", "b"), 0)])
def test_heads_made_in_another_order_are_crossed_in_silence(
    lib, names, crossed, tmp_path
):
    package = f"crossed-{lib.name}-{names[0]}"
    saved = heads(lib, package, names)
    first, second = map(np.asarray, saved(X))
    saved.save(tmp_path / "m.keras")
    heads(lib, package, names[::-1])  # the class as it is written today
    found = lib.load(tmp_path / "m.keras")(X)
    np.testing.assert_allclose(found[crossed], first, rtol=1e-5)
    np.testing.assert_allclose(found[1 - crossed], second, rtol=1e-5)


def forgetful(lib, package):
    @lib.register(package)
    class Scaled(lib.layers.Layer):
        def __init__(self, factor=1.0, **options):
            super().__init__(**options)
            self.factor = factor

        def call(self, inputs):
            return inputs * self.factor

        def get_config(self):
            return {"name": self.name}  # and not the factor

    return Scaled


def test_a_config_that_lacks_an_argument_gives_the_default(lib, tmp_path):
    scaled = forgetful(lib, f"forgetful-{lib.name}")
    net = lib.Sequential([lib.Input((4,)), lib.layers.Dense(4), scaled(3.0)])
    net.save(tmp_path / "m.keras")
    again = lib.load(tmp_path / "m.keras")
    np.testing.assert_allclose(again(X) * 3.0, net(X), rtol=1e-5)


def test_a_class_that_nobody_knows_is_refused(lib, tmp_path):
    class Unknown(lib.layers.Dense):
        pass

    lib.Sequential([lib.Input((4,)), Unknown(2)]).save(tmp_path / "m.keras")
    with pytest.raises(TypeError, match="Could not locate"):
        lib.load(tmp_path / "m.keras")
    again = lib.load(tmp_path / "m.keras", custom_objects={"Unknown": Unknown})
    assert type(again.layers[0]) is Unknown


def test_the_class_that_was_registered_last_has_the_name(lib):
    first = forgetful(lib, f"twice-{lib.name}")
    config = lib.serialize(first())
    second = forgetful(lib, f"twice-{lib.name}")
    assert first is not second
    assert type(lib.deserialize(config)) is second
    assert config["registered_name"] == f"twice-{lib.name}>Scaled"


def test_a_class_without_a_config_cannot_be_registered(lib):
    with pytest.raises(ValueError, match="get_config"):
        lib.register("none")(type("Bare", (), {}))


def test_the_code_of_a_lambda_is_refused_unless_it_is_trusted(lib):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras advises against what is tested
        config = lib.serialize(lambda x: 3 * x)
    assert config["class_name"] == "__lambda__" and json.dumps(config)
    with pytest.raises(ValueError, match="disallowed"):
        lib.deserialize(config)
    assert lib.deserialize(config, safe_mode=False)(2) == 6


def test_a_registered_function_is_found_by_its_name(lib):
    @lib.register(f"functions-{lib.name}")
    def triple(x):
        return 3 * x

    config = lib.serialize({"f": [triple, 1, None, "s"]})
    assert config["f"][0]["config"] == f"functions-{lib.name}>triple"
    assert json.loads(json.dumps(config))
    assert lib.deserialize(config) == {"f": [triple, 1, None, "s"]}


def test_arrays_are_kept_with_their_dtype(lib):
    config = lib.serialize({"a": np.array([1, 2], np.int16)})
    found = lib.deserialize(json.loads(json.dumps(config)))["a"]
    assert found.dtype == np.int16 and found.tolist() == [1, 2]


def test_a_layer_is_built_for_the_shape_that_it_met(lib):
    layer = lib.layers.Dense(2)
    layer.build((None, 3))
    config = json.loads(json.dumps(lib.serialize(layer)))
    assert config["build_config"]["input_shape"] == [None, 3]
    again = lib.deserialize(config)
    assert again.built and tuple(again.kernel.shape) == (3, 2)
    assert not lib.deserialize({**config, "build_config": None}).built


def test_a_layer_with_other_weights_than_the_file_is_refused(lib, tmp_path):
    class Wide(lib.layers.Dense):
        def build(self, input_shape):
            super().build(input_shape)
            if self.more:
                self.extra = self.add_weight(shape=(1,), name="extra")

    Wide.more = False
    lib.Sequential([lib.Input((4,)), Wide(2)]).save(tmp_path / "m.keras")
    Wide.more = True
    with pytest.raises(ValueError, match="expected 3 variables, but received 2"):
        lib.load(tmp_path / "m.keras", custom_objects={"Wide": Wide})
