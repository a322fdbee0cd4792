"""Models to import: shapes, shared weights, files, and what they learn."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from insidetf import data
from insidetf.models import dynamic_depth, residual, siamese, vgg, wide_deep


def random(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def reload(model, tmp_path):
    model.save(tmp_path / "model.keras")
    return keras.models.load_model(tmp_path / "model.keras")


# Siamese


def test_both_sides_share_one_network():
    encoder = siamese.digit_encoder((8, 8, 1))
    model = siamese.siamese(encoder)
    assert model.count_params() == encoder.count_params()
    assert len(encoder._inbound_nodes) == 2


def test_the_distance_is_euclid_s():
    left, right = random(5, 3), random(2, 5, 3)[1]
    found = siamese.EuclideanDistance(epsilon=0.0)(left, right)
    np.testing.assert_allclose(found, np.linalg.norm(left - right, axis=1), rtol=1e-5)


def test_the_slope_of_equal_vectors_is_finite():
    x = tf.constant(random(2, 3))
    with tf.GradientTape() as tape:
        tape.watch(x)
        distance = siamese.EuclideanDistance()(x, tf.stop_gradient(x))
    assert np.isfinite(tape.gradient(distance, x)).all()


def test_a_distance_is_the_same_from_both_sides(tmp_path):
    model = siamese.siamese(siamese.digit_encoder((8, 8, 1)))
    a, b = random(4, 8, 8, 1), random(2, 4, 8, 8, 1)[1]
    there, back = model({"left": a, "right": b}), model({"left": b, "right": a})
    np.testing.assert_allclose(there, back, rtol=1e-5)
    again = reload(model, tmp_path)
    np.testing.assert_allclose(again({"left": a, "right": b}), there, rtol=1e-6)


@pytest.mark.parametrize(
    ("distances", "same", "expected"),
    [
        ([0.1, 0.2, 0.9], [1, 1, 0], 1.0),
        ([0.1, 0.9, 0.2], [1, 1, 0], 2 / 3),
        ([0.5, 0.6], [1, 1], 1.0),
        ([[0.1], [0.9]], [1, 0], 1.0),
    ],
)
def test_the_best_threshold_is_found(distances, same, expected):
    accuracy, threshold = siamese.verification_accuracy(distances, same)
    assert accuracy == pytest.approx(expected)
    assert siamese.verification_accuracy(distances, same, threshold)[0] == accuracy


def test_each_pair_needs_its_distance():
    with pytest.raises(ValueError, match="one distance per pair"):
        siamese.verification_accuracy([0.1, 0.2], [1])


# Wide and deep


def test_the_class_and_the_graph_are_one_model():
    inputs = {"wide": random(6, 2), "deep": random(6, 5)}
    graph, cls = wide_deep.wide_and_deep(2, 5), wide_deep.WideAndDeep()
    cls(inputs)
    dense = [layer for layer in graph.layers if isinstance(layer, keras.layers.Dense)]
    twins = {"main": cls.main, "auxiliary": cls.auxiliary}
    stack = iter(cls.stack)
    for layer in dense:
        twin = twins[layer.name] if layer.name in twins else next(stack)
        twin.set_weights(layer.get_weights())
    for name, output in graph(inputs).items():
        np.testing.assert_allclose(cls(inputs)[name], output, rtol=1e-5)


@pytest.mark.parametrize(
    "make", [lambda: wide_deep.wide_and_deep(2, 5), wide_deep.WideAndDeep]
)
def test_wide_and_deep_comes_back_from_a_file(make, tmp_path):
    inputs = {"wide": random(6, 2), "deep": random(6, 5)}
    model = make()
    before = model(inputs)["main"]
    np.testing.assert_allclose(
        reload(model, tmp_path)(inputs)["main"], before, rtol=1e-6
    )


# Residual networks


@pytest.mark.parametrize(
    ("channels", "filters", "strides", "projected"),
    [(8, 8, 1, False), (4, 8, 1, True), (8, 8, 2, True)],
)
def test_a_block_projects_where_it_has_to(channels, filters, strides, projected):
    block = residual.ResidualBlock(filters, strides)
    output = block(random(2, 7, 7, channels))
    assert (block.projection is not None) == projected
    assert tuple(output.shape) == (2, -(-7 // strides), -(-7 // strides), filters)
    assert tuple(output.shape) == block.compute_output_shape((2, 7, 7, channels))


def test_a_block_of_zeros_passes_its_input_on():
    block = residual.ResidualBlock(3)
    x = np.abs(random(2, 4, 4, 3))
    block(x)
    block.norm_2.gamma.assign(np.zeros(3))
    np.testing.assert_allclose(block(x), x, rtol=1e-6)


def test_a_residual_network_comes_back_from_a_file(tmp_path):
    model = residual.residual_network((8, 8, 1), 10, widths=(4, 8))
    x = random(3, 8, 8, 1)
    np.testing.assert_allclose(
        reload(model, tmp_path)(x), model(x), rtol=1e-4, atol=1e-5
    )


# VGG


def test_all_convolutions_of_a_block_are_tracked():
    block = vgg.VGGBlock(4, repetitions=3)
    assert tuple(block(random(2, 8, 8, 1)).shape) == (2, 4, 4, 4)
    assert len(block.trainable_variables) == 2 * 3


def test_vgg_16_has_its_published_number_of_weights():
    model = vgg.vgg((224, 224, 3), 1000, hidden=4096)
    convolutional = sum(layer.count_params() for layer in model.layers[:5])
    assert convolutional == 14_714_688  # keras.applications.VGG16(include_top=False)


def test_vgg_says_which_pictures_are_too_small():
    with pytest.raises(ValueError, match="32 x 32 or more"):
        vgg.vgg((28, 28, 1), 10)
    with pytest.raises(ValueError, match="one repetition"):
        vgg.VGGBlock(4, repetitions=0)


def test_vgg_comes_back_from_a_file(tmp_path):
    model = vgg.vgg((8, 8, 1), 10, blocks=((4, 1), (8, 2)), hidden=16)
    x = random(3, 8, 8, 1)
    np.testing.assert_allclose(
        reload(model, tmp_path)(x), model(x), rtol=1e-5, atol=1e-6
    )


# Depth that depends on the batch


def test_the_depth_follows_the_input():
    keras.utils.set_random_seed(0)
    model = dynamic_depth.DynamicDepth(8, tolerance=1e-3)
    model.build((None, 3))  # or the first call would trace twice
    run = tf.function(model)
    depths = []
    for scale in (0.001, 1.0):
        run(tf.constant(scale * random(4, 3)))
        depths.append(int(model.steps))
    assert 1 <= depths[0] < depths[1] < model.most
    assert run.experimental_get_tracing_count() == 1


def test_a_gradient_goes_through_every_round():
    model = dynamic_depth.DynamicDepth(4)
    x = tf.constant(random(4, 3))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(x) ** 2)
    gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
    assert all(g is not None and np.abs(g).max() > 0 for g in gradients)


def test_dynamic_depth_comes_back_from_a_file(tmp_path):
    model, x = dynamic_depth.DynamicDepth(4), random(4, 3)
    before = model(x)
    np.testing.assert_allclose(reload(model, tmp_path)(x), before, rtol=1e-5, atol=1e-6)


def test_the_models_learn_digits():
    (x, y), (x_test, y_test) = data.digits_arrays()
    keras.utils.set_random_seed(0)
    model = vgg.vgg((8, 8, 1), 10, blocks=((8, 1), (16, 1)), hidden=32)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    model.fit(x, y, batch_size=64, epochs=3, verbose=0)
    assert model.evaluate(x_test, y_test, verbose=0)[1] > 0.8
