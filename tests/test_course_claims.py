"""What the course map says of today's versions, claim by claim.

Each entry of `book/course_map.yaml` that is marked warns, fails, or silent names one
function of this module. When a release of TensorFlow or Keras changes the behavior, the
test fails, and the row of the map has to change with it.
"""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf


@pytest.fixture(autouse=True)
def _same_numbers_every_time() -> None:
    keras.utils.set_random_seed(7)


def in_a_fresh_process(program: str) -> str:
    """Run a program that configures devices, and return what it prints last."""
    two_cpus = """
        import tensorflow as tf
        cpu = tf.config.list_physical_devices("CPU")[0]
        halves = [tf.config.LogicalDeviceConfiguration()] * 2
        tf.config.set_logical_device_configuration(cpu, halves)
        import keras
        strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(two_cpus) + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip().splitlines()[-1]


def test_input_shape_warns() -> None:
    with pytest.warns(UserWarning, match="input_shape"):
        keras.layers.Flatten(input_shape=(28, 28))
    with pytest.warns(UserWarning, match="input_dim"):
        keras.layers.Dense(32, input_dim=784)


def test_frozen_keras_layers_do_not_mix() -> None:
    from tensorflow.python.keras.layers import Dense as FrozenDense

    with pytest.raises(ValueError, match=r"Only instances of `?keras\.Layer"):
        keras.Sequential([keras.Input((4,)), FrozenDense(1)])


def test_optimizers_refuse_lr() -> None:
    for optimizer in (keras.optimizers.SGD, keras.optimizers.RMSprop):
        with pytest.raises(ValueError, match="lr"):
            optimizer(lr=0.1)


def test_dense_refuses_a_string_size() -> None:
    with pytest.raises(ValueError, match="units"):
        keras.layers.Dense(units="128")


def test_tensorflow_functions_refuse_symbolic_tensors() -> None:
    symbolic = keras.Input((4,))
    for function in (tf.abs, tf.keras.backend.square):
        with pytest.raises(ValueError, match="KerasTensor cannot be used as input"):
            function(symbolic)
    assert keras.layers.Lambda(tf.abs)(symbolic).shape == (None, 4)


def test_predict_refuses_a_list() -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="Unrecognized data type"):
        model.predict([10.0], verbose=0)
    assert model.predict(np.array([10.0]), verbose=0).shape == (1, 1)


def test_contrastive_loss_broadcasts_in_a_loop() -> None:
    labels, distances = tf.ones([8]), tf.ones([8, 1])
    assert (labels * distances**2).shape == (8, 8)
    per_example = keras.losses.MeanSquaredError(reduction=None)(labels, distances)
    assert per_example.shape == (8,)


def test_loss_class_broadcasts_in_fit() -> None:
    class Squares(keras.losses.Loss):
        def call(self, y_true, y_pred):
            shapes.append((tuple(y_true.shape), tuple(y_pred.shape)))
            return tf.square(y_true - y_pred)

    shapes: list[tuple] = []
    x = np.arange(6.0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", Squares(), run_eagerly=True)
    model.fit(x, x, epochs=1, batch_size=6, verbose=0)
    assert shapes[-1] == ((6,), (6, 1))
    assert Squares(reduction=None)(x, x[:, None]).shape == (6, 6)


def test_keras_backend_lost_its_math() -> None:
    for name in ("mean", "square", "sqrt"):
        assert not hasattr(keras.backend, name)
        assert hasattr(tf.keras.backend, name)


def test_lambda_is_not_reloaded_in_safe_mode(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: -x)])
    model.save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match="safe_mode"):
        keras.models.load_model(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=False)
    assert float(again(tf.ones([1, 2]))[0, 0]) == -1.0


class RawDense(keras.layers.Layer):
    """A dense layer that keeps its weights where Keras does not look."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make a kernel of shape (features, 1)."""
        self.w = tf.Variable(tf.ones([input_shape[-1], 1]), trainable=True)

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Multiply by the kernel."""
        return inputs @ self.w


def test_layer_does_not_track_a_raw_variable() -> None:
    x = np.arange(8, dtype="float32")[:, None]
    layer = RawDense()
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(optimizer="sgd", loss="mse")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "The model does not have any trainable …"
        losses = model.fit(x, 2 * x, epochs=3, verbose=0).history["loss"]
    assert layer.variables == []
    assert losses[0] == losses[-1] > 0
    np.testing.assert_array_equal(layer.w, [[1.0]])


def test_vars_hides_sublayers_from_the_tracker() -> None:
    class Hidden(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            vars(self)["dense_0"] = keras.layers.Dense(1)

        def call(self, inputs: tf.Tensor) -> tf.Tensor:
            return vars(self)["dense_0"](inputs)

    class Seen(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.dense = [keras.layers.Dense(1)]

        def call(self, inputs: tf.Tensor) -> tf.Tensor:
            return self.dense[0](inputs)

    hidden, seen = Hidden(), Seen()
    hidden(tf.ones([1, 2]))
    seen(tf.ones([1, 2]))
    assert (len(hidden.variables), len(seen.variables)) == (0, 2)


def test_model_checkpoint_wants_a_suffix() -> None:
    with pytest.raises(ValueError, match=r"\.keras"):
        keras.callbacks.ModelCheckpoint("saved_model")
    keras.callbacks.ModelCheckpoint("model.keras")
    keras.callbacks.ModelCheckpoint("model.h5")


def test_tensorflow_does_not_require_tensorboard() -> None:
    owners = importlib.metadata.packages_distributions()["tensorflow"]
    needs = [need for owner in owners for need in importlib.metadata.requires(owner)]
    assert any(need.startswith("keras") for need in needs)
    assert not any(
        need.startswith("tensorboard") and "extra ==" not in need for need in needs
    )


def test_second_argument_of_variable_is_trainable() -> None:
    variable = tf.Variable([[1.0]], tf.int32)
    assert variable.trainable is tf.int32
    assert variable.dtype == tf.float32


def test_reset_states_is_gone() -> None:
    metric = keras.metrics.SparseCategoricalAccuracy()
    assert not hasattr(metric, "reset_states")
    metric.reset_state()


def test_metric_never_resets_a_raw_variable() -> None:
    class Count(keras.metrics.Metric):
        def __init__(self) -> None:
            super().__init__()
            self.seen = tf.Variable(0.0)
            self.kept = self.add_weight(initializer="zeros")

        def update_state(self, labels: tf.Tensor) -> None:
            self.seen.assign_add(tf.reduce_sum(labels))
            self.kept.assign_add(tf.reduce_sum(labels))

        def result(self) -> tf.Tensor:
            return self.seen + 0.0

    metric = Count()
    metric.update_state(tf.ones([3]))
    metric.reset_state()
    assert (float(metric.result()), float(metric.kept)) == (3.0, 0.0)


def test_input_refuses_an_integer_shape() -> None:
    with pytest.raises((TypeError, ValueError)):
        keras.Input(shape=3)
    assert keras.Input(shape=(3,)).shape == (None, 3)


def test_load_model_refuses_a_folder(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    tf.saved_model.save(model, tmp_path / "saved")
    with pytest.raises(ValueError, match="File format not supported"):
        keras.models.load_model(tmp_path / "saved")


def test_optimizer_refuses_unknown_variables() -> None:
    optimizer = keras.optimizers.SGD(0.1)
    first, second = (keras.Variable(1.0) for _ in range(2))
    optimizer.apply_gradients([(tf.constant(1.0), first)])
    with pytest.raises(ValueError, match="Unknown variable"):
        optimizer.apply_gradients([(tf.constant(1.0), second)])


def test_keras_3_lacks_what_hub_layer_calls() -> None:
    assert not hasattr(keras.backend, "learning_phase")
    with pytest.raises(TypeError, match="getter"):
        keras.layers.Layer().add_weight(
            shape=(1,), name="w", getter=lambda *_, **__: None
        )


def test_fit_runs_on_two_logical_cpus() -> None:
    said = in_a_fresh_process("""
        with strategy.scope():
            model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            model.compile(optimizer="sgd", loss="mse")
        x = tf.ones([8, 2])
        losses = model.fit(x, x[:, :1], epochs=2, verbose=0).history["loss"]
        print(strategy.num_replicas_in_sync, losses[1] < losses[0])
    """)
    assert said == "2 True"


@pytest.mark.parametrize(
    ("build", "outcome"), [("False", "InvalidArgumentError"), ("True", "it ran")]
)
def test_mirrored_loop_needs_a_built_optimizer(build: str, outcome: str) -> None:
    said = in_a_fresh_process(f"""
        with strategy.scope():
            model = keras.Sequential([keras.layers.Dense(1)])
            optimizer = keras.optimizers.Adam()
            if {build}:
                model.build((None, 2))
                optimizer.build(model.trainable_variables)

        def step(x):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model(x) ** 2) / 8
            variables = model.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
            return loss

        @tf.function
        def train(x):
            return strategy.run(step, args=(x,))

        data = tf.data.Dataset.from_tensors(tf.ones([8, 2])).unbatch().batch(8)
        try:
            for x in strategy.experimental_distribute_dataset(data):
                train(x)
            print("it ran")
        except Exception as error:
            print(type(error).__name__)
    """)
    assert said == outcome


def test_image_data_generator_is_still_there() -> None:
    generator = tf.keras.preprocessing.image.ImageDataGenerator(rescale=1 / 255)
    batches = generator.flow(np.full([4, 8, 8, 3], 255.0), batch_size=2)
    np.testing.assert_allclose(next(batches), 1.0, rtol=1e-6)


def test_evaluate_does_not_follow_the_order_of_compile() -> None:
    x = keras.Input((4,))
    kind = keras.layers.Dense(3, activation="softmax", name="classification")(x)
    box = keras.layers.Dense(4, name="bounding_box")(x)
    model = keras.Model(x, [kind, box])
    model.compile(
        loss={
            "classification": "sparse_categorical_crossentropy",
            "bounding_box": "mse",
        },
        metrics={"classification": "accuracy", "bounding_box": "mse"},
    )
    targets = {"classification": np.array([0, 1]), "bounding_box": np.ones([2, 4])}
    data = (np.ones([2, 4]), targets)
    _, _, _, fourth, fifth = model.evaluate(*data, verbose=0)
    named = model.evaluate(*data, verbose=0, return_dict=True)
    assert fourth == named["bounding_box_mse"]
    assert fifth == named["classification_accuracy"]


def test_learning_phase_is_gone() -> None:
    assert not hasattr(keras.backend, "set_learning_phase")


def test_watching_after_the_forward_pass_is_too_late() -> None:
    pixels, kernel = tf.ones([1, 4]), tf.ones([4, 2])
    with tf.GradientTape() as tape:
        features = pixels @ kernel
        tape.watch(pixels)
        score = tf.reduce_sum(features)
    assert tape.gradient(score, pixels) is None


def test_nested_inputs_warn() -> None:
    x = keras.Input((4,))
    model = keras.Model(x, keras.layers.Dense(2)(x))
    probe = keras.Model([model.inputs], model.output)
    with pytest.warns(UserWarning, match="structure of `inputs`"):
        probe(tf.ones([1, 4]))


def test_batch_norm_learns_nothing_without_training() -> None:
    x = tf.random.normal([64, 2], mean=5.0)
    for training, learned in ((None, False), (True, True)):
        layer = keras.layers.BatchNormalization()
        layer(x, training=training)
        assert bool(tf.reduce_all(layer.moving_mean != 0.0)) is learned


def test_mean_divergence_is_too_small() -> None:
    dimensions = 16
    mean, log_variance = tf.ones([3, dimensions]), tf.zeros([3, dimensions])
    terms = -0.5 * (1 + log_variance - mean**2 - tf.exp(log_variance))
    in_the_course = tf.reduce_mean(terms)
    divergence = tf.reduce_mean(tf.reduce_sum(terms, axis=1))
    np.testing.assert_allclose(divergence, dimensions * in_the_course, rtol=1e-6)
    np.testing.assert_allclose(divergence, 0.5 * dimensions, rtol=1e-6)


def test_each_gan_phase_moves_its_own_weights() -> None:
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    discriminator = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")]
    )
    discriminator.compile("sgd", "binary_crossentropy")
    discriminator.trainable = False
    gan = keras.Sequential([generator, discriminator])
    gan.compile("sgd", "binary_crossentropy")
    weights = (generator.layers[0].kernel, discriminator.layers[0].kernel)

    def moved(step: keras.Model, x: np.ndarray) -> list[bool]:
        before = [w.numpy() for w in weights]
        step.train_on_batch(x, np.ones([4, 1]))
        after = [w.numpy() for w in weights]
        return [bool((a != b).any()) for a, b in zip(after, before, strict=True)]

    discriminator.trainable = True
    assert moved(discriminator, np.ones([4, 3])) == [False, True]
    discriminator.trainable = False
    assert moved(gan, np.ones([4, 2])) == [True, False]


def test_leaky_relu_alpha_warns() -> None:
    with pytest.warns(UserWarning, match="negative_slope"):
        keras.layers.LeakyReLU(alpha=0.2)
