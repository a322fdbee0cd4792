"""The miniature's models against Keras's: three kinds, and what each of them knows."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.models.functional import Functional

import microtf as mt
from microtf import keras as mk
from microtf.keras import losses, saving, serialization, sgd

KERAS = SimpleNamespace(
    Model=keras.Model,
    Sequential=keras.Sequential,
    Functional=Functional,
    Layer=keras.layers.Layer,
    Input=keras.Input,
    KerasTensor=keras.KerasTensor,
    Variable=keras.Variable,
    layers=keras.layers,
    losses=keras.losses,
    SGD=keras.optimizers.SGD,
    function=tf.function,
    load=keras.models.load_model,
    register=keras.saving.register_keras_serializable,
    quiet={"verbose": 0},
)
MICRO = SimpleNamespace(
    Model=mk.Model,
    Sequential=mk.Sequential,
    Functional=mk.Functional,
    Layer=mk.Layer,
    Input=mk.Input,
    KerasTensor=mk.KerasTensor,
    Variable=mk.Variable,
    layers=mk.layers,
    losses=losses,
    SGD=sgd.SGD,
    function=mt.function,
    load=saving.load_model,
    register=serialization.register_keras_serializable,
    quiet={},
)

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(24, 3)).astype(np.float32)
Y = RANDOM.normal(size=(24, 2)).astype(np.float32)
WEIGHTS = [
    RANDOM.normal(size=shape).astype(np.float32) for shape in [(3, 4), (4,), (4, 2), 2]
]


@pytest.fixture(params=[KERAS, MICRO], ids=["keras", "microtf"])
def lib(request):
    """Keras first, the miniature second, under the same assert."""
    return request.param


def same(one, two, tolerance=1e-5):
    np.testing.assert_allclose(
        np.asarray(one), np.asarray(two), rtol=tolerance, atol=tolerance
    )


def subclassed(lib):
    class Net(lib.Model):
        def __init__(self):
            super().__init__()
            self.hidden = lib.layers.Dense(4, "relu", name="hidden")
            self.out = lib.layers.Dense(2, name="out")

        def call(self, inputs):
            return self.out(self.hidden(inputs))

    return Net()


def functional(lib):
    inputs = lib.Input((3,), name="x")
    hidden = lib.layers.Dense(4, "relu", name="hidden")(inputs)
    return lib.Model(inputs, lib.layers.Dense(2, name="out")(hidden))


def sequential(lib, front=True):
    front = [lib.Input((3,), name="x")] if front else []
    hidden = lib.layers.Dense(4, "relu", name="hidden")
    return lib.Sequential([*front, hidden, lib.layers.Dense(2, name="out")])


KINDS = [subclassed, functional, sequential]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def kind(request):
    return request.param


# Which class comes out


def test_a_model_of_inputs_and_outputs_is_a_functional(lib):
    assert type(functional(lib)) is lib.Functional
    inputs = lib.Input((3,))
    by_name = lib.Model(inputs=inputs, outputs=lib.layers.Dense(1)(inputs))
    assert type(by_name) is lib.Functional and isinstance(by_name, lib.Model)


def test_a_model_without_arguments_is_a_model(lib):
    assert type(lib.Model(name="bare")) is lib.Model
    with pytest.raises(NotImplementedError, match="does not have a `call"):
        lib.Model()(X)


def test_a_subclass_becomes_functional_when_it_is_given_inputs_and_outputs(lib):
    class Stepper(lib.Model):
        pass

    assert not issubclass(Stepper, lib.Functional)
    inputs = lib.Input((3,))
    model = Stepper(inputs, lib.layers.Dense(2)(inputs))
    assert type(model) is Stepper and issubclass(Stepper, lib.Functional)
    assert len(model.layers) == 2 and model(X).shape == (24, 2)


def test_after_that_the_subclass_wants_inputs_and_outputs(lib):
    class Stepper(lib.Model):
        pass

    Stepper()
    inputs = lib.Input((3,))
    Stepper(inputs, lib.layers.Dense(2)(inputs))
    with pytest.raises(TypeError, match="2 required positional arguments"):
        Stepper()


def test_relatives_of_a_drawn_model_can_be_made_no_longer(lib):
    class Base(lib.Model):
        pass

    class Drawn(Base):
        pass

    class Written(Base):
        def __init__(self):
            super().__init__()
            self.dense = lib.layers.Dense(2)

        def call(self, inputs):
            return self.dense(inputs)

    written = Written()
    assert written(X).shape == (24, 2)
    inputs = lib.Input((3,))
    Drawn(inputs, lib.layers.Dense(2)(inputs))
    with pytest.raises(TypeError, match="2 required positional arguments"):
        Written()
    with pytest.raises(AttributeError, match="_inputs"):
        written(X)


def test_relatives_by_a_class_that_is_no_model_are_safe(lib):
    class Steps:
        pass

    class Drawn(Steps, lib.Model):
        pass

    class Written(Steps, lib.Model):
        pass

    inputs = lib.Input((3,))
    Drawn(inputs, lib.layers.Dense(2)(inputs))
    assert not isinstance(Written(), lib.Functional)


def test_a_subclass_of_a_subclass_is_injected_at_the_root(lib):
    class Base(lib.Model):
        pass

    class Derived(Base):
        pass

    inputs = lib.Input((3,))
    Derived(inputs, lib.layers.Dense(2)(inputs))
    assert issubclass(Base, lib.Functional) and Derived.__bases__ == (Base,)


def test_arguments_of_a_constructor_are_counted(lib):
    class Passing(lib.Model):
        def __init__(self, *args):
            super().__init__(*args)

    with pytest.raises(ValueError, match="must be KerasTensors"):
        Passing(4, 0.5)


def test_a_constructor_of_two_arguments_of_its_own_is_left_alone(lib):
    class Two(lib.Model):
        def __init__(self, units, factor):
            super().__init__()
            self.dense, self.factor = lib.layers.Dense(units), factor

        def call(self, inputs):
            return self.dense(inputs) * self.factor

    model = Two(2, 0.5)
    assert model(X).shape == (24, 2) and not isinstance(model, lib.Functional)


# What all models can do, and what some of them know


def test_all_kinds_compute_the_same(lib, kind):
    model, other = kind(lib), functional(KERAS)
    model(X[:1])
    model.set_weights(WEIGHTS)
    other.set_weights(WEIGHTS)
    same(model(X), other(X))
    same(lib.function(lambda x: model(x))(X), other(X))


@pytest.mark.parametrize("kind", KINDS)
def test_histories_are_those_of_keras(kind):
    histories = []
    for lib in (KERAS, MICRO):
        model = kind(lib)
        model(X[:1])
        model.set_weights(WEIGHTS)
        model.compile(lib.SGD(0.1), lib.losses.MeanSquaredError())
        done = model.fit(X, Y, batch_size=8, epochs=3, shuffle=False, **lib.quiet)
        histories.append(done.history["loss"])
        same(model.predict(X, **lib.quiet), model(X))
    same(*histories)
    assert histories[1][-1] < histories[1][0]


def test_only_a_graph_of_calls_knows_its_inputs(lib):
    model = subclassed(lib)
    model(X)
    with pytest.raises(AttributeError, match="inputs"):
        _ = model.inputs
    for make in (functional, sequential):
        assert [tuple(x.shape) for x in make(lib).inputs] == [(None, 3)]


def test_only_a_graph_of_calls_knows_what_lies_between(lib):
    graph = functional(lib)
    features = lib.Model(graph.inputs, graph.get_layer("hidden").output)
    assert features(X).shape == (24, 4)
    model = subclassed(lib)
    model(X)
    with pytest.raises(AttributeError, match="has never been called"):
        _ = model.get_layer("hidden").output


def test_a_class_called_on_a_symbol_is_one_node(lib):
    model = subclassed(lib)
    inputs = lib.Input((3,), name="x")
    outputs = model(inputs)
    assert len(model._inbound_nodes) == 1 and not model.hidden._inbound_nodes
    whole = lib.Model(inputs, outputs)
    assert whole.layers[1] is model and len(whole.layers) == 2


def test_layers_are_those_that_were_noticed(lib):
    model = subclassed(lib)
    assert [layer.name for layer in model.layers] == ["hidden", "out"]
    assert model.weights == []
    model(X)
    assert len(model.weights) == 4 and model.get_layer("out") is model.out
    with pytest.raises(ValueError, match="No such layer: in"):
        model.get_layer("in")


def test_layers_behind_the_back_are_not_noticed(lib):
    class Numbered(lib.Model):
        def __init__(self):
            super().__init__()
            vars(self)["dense_0"] = lib.layers.Dense(4)
            setattr(self, "dense_1", lib.layers.Dense(2))  # noqa: B010

        def call(self, inputs):
            return self.dense_1(self.dense_0(inputs))

    model = Numbered()
    assert model(X).shape == (24, 2)
    assert len(model.layers) == 1 and len(model.trainable_variables) == 2
    assert len(model.dense_0.trainable_variables) == 2


def test_the_name_layers_is_taken(lib):
    class Taken(lib.Model):
        def __init__(self):
            super().__init__()
            self.layers = [lib.layers.Dense(1)]

    with pytest.raises(AttributeError, match="attribute is reserved"):
        Taken()


def test_a_layer_made_in_call_is_refused(lib):
    class Late(lib.Model):
        def call(self, inputs):
            if not hasattr(self, "dense"):
                self.dense = lib.layers.Dense(2)
            return self.dense(inputs)

    with pytest.raises(ValueError, match="cannot add new elements of state"):
        Late()(X)


def test_a_layer_made_in_call_is_taken_if_there_is_a_scratch_run(lib):
    class Late(lib.Model):
        def __init__(self):
            super().__init__()
            self.first = lib.layers.Dense(4)

        def call(self, inputs):
            if not hasattr(self, "second"):
                self.second = lib.layers.Dense(2)
            return self.second(self.first(inputs))

    model = Late()
    model(X)
    assert len(model.trainable_variables) == 4


def test_a_model_is_a_layer(lib):
    class Outer(lib.Model):
        def __init__(self):
            super().__init__()
            self.inner = functional(lib)
            self.head = lib.layers.Dense(1)

        def call(self, inputs):
            return self.head(self.inner(inputs))

    outer = Outer()
    outer(X)
    assert outer.layers[0] is outer.inner and len(outer.trainable_variables) == 6
    outer.inner.trainable = False
    assert len(outer.trainable_variables) == 2


def test_a_model_called_twice_has_one_set_of_weights(lib):
    encoder = sequential(lib)
    left, right = lib.Input((3,), name="left"), lib.Input((3,), name="right")
    twin = lib.Model(
        [left, right], lib.layers.Add(name="add")([encoder(left), encoder(right)])
    )
    assert twin.count_params() == encoder.count_params()
    assert len(encoder._inbound_nodes) == 2
    encoder.set_weights(WEIGHTS)
    same(twin([X, X]), 2 * np.asarray(encoder(X)))


# Sequential


def test_a_sequential_without_an_input_waits_for_one(lib):
    model = sequential(lib, front=False)
    assert model.weights == [] and not model.built
    with pytest.raises(AttributeError, match="has no defined inputs yet"):
        _ = model.inputs
    model(X)
    assert len(model.weights) == 4 and tuple(model.inputs[0].shape)[1:] == (3,)
    assert [layer.name for layer in model.layers] == ["hidden", "out"]


def test_a_sequential_holds_a_functional(lib):
    model = sequential(lib)
    assert type(model._functional) is lib.Functional and model.built
    features = lib.Model(model.inputs, model.layers[0].output)
    assert features(X).shape == (24, 4)


def test_a_sequential_records_anew_with_each_layer(lib):
    model = lib.Sequential([lib.Input((3,))])
    for _ in range(4):
        model.add(lib.layers.Dense(2))
    assert [len(x._inbound_nodes) for x in model.layers] == [4, 3, 2, 1]
    at_once = lib.Sequential([lib.Input((3,)), *map(lib.layers.Dense, (2, 2, 2, 2))])
    assert [len(x._inbound_nodes) for x in at_once.layers] == [1, 1, 1, 1]


def test_a_sequential_can_be_changed_after_it_was_built(lib):
    model = sequential(lib)
    before = model._functional
    dropped = model.pop()
    assert model._functional is not before and dropped.name == "out"
    assert model(X).shape == (24, 4)
    model.add(lib.layers.Dense(5))
    assert model(X).shape == (24, 5) and len(model.trainable_variables) == 4


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda lib, m: m.add("dense"), "Only instances of"),
        (lambda lib, m: m.add(lib.layers.Dense(1, name="out")), "unique names"),
        (lambda lib, m: m.build((None, 7)), "already been configured"),
        (lambda lib, m: lib.Sequential().build((None, 7)), "has no layers"),
    ],
)
def test_a_sequential_complains(lib, wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong(lib, sequential(lib))


def test_a_sequential_of_several_inputs_has_no_graph(lib):
    class Sum(lib.Layer):
        def call(self, inputs):
            return inputs["a"] + inputs["b"]

    model = lib.Sequential([Sum(), lib.layers.Dense(2)])
    assert model({"a": X, "b": X}).shape == (24, 2)
    assert model._functional is None and len(model.weights) == 2


def test_the_mode_reaches_the_layers_of_a_sequential(lib):
    model = lib.Sequential([lib.Input((3,)), lib.layers.Dropout(0.5, seed=1)])
    ones = np.ones((8, 3), np.float32)
    assert np.any(np.asarray(model(ones, training=True)) == 0.0)
    same(model(ones), ones)


# Files


def test_a_sequential_comes_back_from_a_file(lib, tmp_path):
    model = sequential(lib)
    model.save(tmp_path / "model.keras")
    again = lib.load(tmp_path / "model.keras")
    same(again(X), model(X))
    assert [layer.name for layer in again.layers] == ["hidden", "out"]


def test_a_class_with_a_config_comes_back_from_a_file(lib, tmp_path):
    @lib.register(f"test_model_{lib.Model.__module__}")
    class Gain(lib.Model):
        def __init__(self, units=2, factor=1.0, **options):
            super().__init__(**options)
            self.units, self.factor = units, factor
            self.dense = lib.layers.Dense(units)

        def call(self, inputs):
            return self.dense(inputs) * self.factor

        def get_config(self):
            return {"units": self.units, "factor": self.factor}

    model = Gain(3, factor=5.0)
    model(X)
    model.save(tmp_path / "model.keras")
    again = lib.load(tmp_path / "model.keras")
    same(again(X), model(X))


def test_keras_forgets_the_arguments_of_a_model_and_the_miniature_does_not():
    found = {}
    for lib in (KERAS, MICRO):
        for base in (lib.Layer, lib.Model):

            class Gain(base):
                def __init__(self, factor=1.0):
                    super().__init__()
                    self.factor = factor

            found[lib.Model.__module__, base] = Gain(5.0).get_config()["factor"]
    assert list(found.values()) == [5.0, 1.0, 5.0, 5.0]


# The summary


def test_a_summary_has_a_row_for_each_layer():
    rows = functional(MICRO).summary()
    assert rows == [
        ("x", "InputLayer", (None, 3), 0),
        ("hidden", "Dense", (None, 4), 16),
        ("out", "Dense", (None, 2), 10),
    ]
    lines: list[str] = []
    functional(KERAS).summary(print_fn=lambda line, **_: lines.append(line))
    for name, cls, shape, count in rows:
        wanted = (f"{name} ({cls})", str(shape), f" {count} ")
        text = "\n".join(lines)
        assert any(all(w in row for w in wanted) for row in text.splitlines())


def test_a_summary_of_a_class_knows_no_shapes_before_data():
    model = subclassed(MICRO)
    assert [row[2:] for row in model.summary()] == [(None, 0), (None, 0)]
