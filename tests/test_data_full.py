"""The full-scale sets: read from small sets of the same names, and their absence."""

import dataclasses
import http.server
import threading
import time

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from insidetf import data
from insidetf.data import full

RNG = np.random.default_rng(0)
CHEMISTRY = (
    *("alcohol", "chlorides", "citric acid", "density", "fixed acidity"),
    *("free sulfur dioxide", "pH", "residual sugar", "sulphates"),
    *("total sulfur dioxide", "volatile acidity"),
)


def store(folder, name, version, features, config=None, **splits):
    """Put examples on the disk as TFDS does, under the name of a real set."""
    tfds.dataset_builders.store_as_tfds_dataset(
        name=name,
        version=version,
        config=config,
        data_dir=str(folder),
        features=tfds.features.FeaturesDict(features),
        split_datasets={
            split: tf.data.Dataset.from_tensor_slices(rows)
            for split, rows in splits.items()
        },
        disable_shuffling=True,
    )


def digits(count):
    return {
        "image": RNG.integers(0, 256, (count, 28, 28, 1)).astype(np.uint8),
        "label": np.arange(count) % 10,
    }


def wines(count):
    columns = {name: RNG.random(count, np.float32) for name in CHEMISTRY}
    return {"features": columns, "quality": RNG.integers(3, 9, count)}


def pets(count):
    masks = np.full((count, 60, 90, 1), 2, np.uint8)
    masks[:, 15:45, 30:60] = 3
    masks[:, 20:40, 35:55] = 1
    return {
        "image": RNG.integers(0, 256, (count, 60, 90, 3)).astype(np.uint8),
        "label": np.arange(count) % 37,
        "segmentation_mask": masks,
        "species": np.arange(count) % 2,
        "file_name": np.array([f"pet_{k}" for k in range(count)]),
        "head_bbox": np.zeros((count, 4), np.float32),
    }


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("full")
    picture = {
        "image": tfds.features.Image(shape=(28, 28, 1)),
        "label": tfds.features.ClassLabel(num_classes=10),
    }
    rows = {"mnist": (digits(30), digits(10)), "pets": (pets(6), pets(3))}
    train, test = rows["mnist"]
    store(folder, "mnist", "3.0.1", picture, train=train, test=test)
    table = {
        "features": {name: tf.float32 for name in CHEMISTRY},
        "quality": tf.int64,
    }
    for color, count in (("white", 30), ("red", 20)):
        rows[color] = wines(count)
        store(folder, "wine_quality", "1.0.0", table, color, train=rows[color])
    photograph = {
        "image": tfds.features.Image(encoding_format="png"),
        "label": tfds.features.ClassLabel(num_classes=37),
        "segmentation_mask": tfds.features.Image(shape=(None, None, 1)),
        "species": tfds.features.ClassLabel(num_classes=2),
        "file_name": tfds.features.Text(),
        "head_bbox": tfds.features.Tensor(shape=(4,), dtype=tf.float32),
    }
    train, test = rows["pets"]
    store(folder, "oxford_iiit_pet", "4.0.0", photograph, train=train, test=test)
    return folder, rows


@pytest.fixture
def there(stored, monkeypatch):
    monkeypatch.setenv("INSIDETF_DATA", str(stored[0]))
    return stored[1]


def test_mnist_takes_the_place_of_the_digits(there):
    (x, y), (x_test, y_test) = data.digits_arrays(source="full")
    assert x.shape == (30, 28, 28, 1) and x_test.shape == (10, 28, 28, 1)
    assert x.dtype == np.float32 and y.dtype == y_test.dtype == np.int64
    np.testing.assert_allclose(x * 255, there["mnist"][0]["image"], atol=1e-4)
    np.testing.assert_array_equal(y_test, there["mnist"][1]["label"])


def test_the_environment_chooses_the_source(there, monkeypatch):
    monkeypatch.setenv("INSIDETF_SOURCE", "full")
    full_spec = data.digits("test", 4).element_spec
    monkeypatch.delenv("INSIDETF_SOURCE")
    local_spec = data.digits("test", 4).element_spec
    assert full_spec[0].shape == (None, 28, 28, 1)
    assert [s.dtype for s in full_spec] == [s.dtype for s in local_spec]


def test_wine_quality_takes_the_place_of_the_wines(there):
    (x, y), (x_test, y_test) = data.wine_arrays(source="full")
    assert x.shape == (40, 11) and x_test.shape == (10, 11)
    kinds = np.concatenate([y["kind"], y_test["kind"]])
    assert np.bincount(kinds).tolist() == [30, 20]
    alcohol = np.concatenate([y["alcohol"], y_test["alcohol"]])
    white = there["white"]["features"]["alcohol"]
    np.testing.assert_allclose(np.sort(alcohol[kinds == 0]), np.sort(white))
    local = data.wine("train").element_spec[1]
    assert data.wine("train", source="full").element_spec[1] == local


@pytest.mark.parametrize("name", ["scenes96", "scenes64", "instances96", "dusk96"])
def test_pets_take_the_place_of_scenes(there, name):
    dataset = data.garden(name, "test", source="full")
    image, y = next(iter(dataset))
    n, most = image.shape[0], y["label"].shape[0]
    assert len(list(dataset)) == 3 and image.dtype == tf.uint8 and n == int(name[-2:])
    assert y["label"].numpy().tolist() == [0] + [-1] * (most - 1)
    np.testing.assert_allclose(
        y["bbox"][0], [15 / 60, 30 / 90, 45 / 60, 60 / 90], atol=1 / n
    )
    assert set(np.unique(y["segmentation"])) == {0, 1, 2}
    assert y["segmentation"][0, 0, 0] == 1 and y["segmentation"][n // 2, n // 2, 0] == 0
    assert ("mask" in y) == (name == "instances96")


def test_elements_of_pets_have_the_types_of_the_garden_s(there, tmp_path, monkeypatch):
    from insidetf.data.garden_builder import CONFIGS

    from_pets = data.garden("instances96", source="full").element_spec
    monkeypatch.setenv("INSIDETF_DATA", str(tmp_path))
    monkeypatch.setattr(CONFIGS["instances96"], "train", 2)
    monkeypatch.setattr(CONFIGS["instances96"], "test", 1)
    drawn = data.garden("instances96").element_spec
    tf.nest.assert_same_structure(from_pets, drawn)
    for ours, theirs in zip(
        tf.nest.flatten(drawn), tf.nest.flatten(from_pets), strict=True
    ):
        assert ours.dtype == theirs.dtype and ours.is_compatible_with(theirs)


def test_pets_take_the_place_of_cutouts_and_are_darker_at_dusk(there):
    image, label = next(iter(data.garden("cutouts48", source="full")))
    assert image.shape == (48, 48, 3) and label.dtype == tf.int64 and label.shape == ()
    day, dusk = (
        next(iter(data.garden(name, source="full")))[0].numpy().mean()
        for name in ("scenes96", "dusk96")
    )
    assert dusk < 0.8 * day


def test_whole_tables_are_the_same_from_both_sources():
    for arrays in (data.breast_cancer_arrays, data.diabetes_arrays):
        tf.nest.map_structure(
            np.testing.assert_array_equal, arrays(), arrays(source="full")
        )


def test_energy_at_full_scale_has_more_houses():
    (x, y), (x_test, _) = data.energy_arrays(source="full")
    assert len(x) + len(x_test) == 100_000 and len(y["heating"]) == len(x)


@pytest.mark.parametrize(
    ("ask", "constant", "named"),
    [
        (data.digits_arrays, "MNIST", "mnist"),
        (lambda **k: data.garden("cutouts48", **k), "PETS", "oxford_iiit_pet"),
    ],
)
def test_without_a_network_the_error_comes_soon_and_says_the_ways_out(
    ask, constant, named, tmp_path, monkeypatch
):
    monkeypatch.setenv("INSIDETF_DATA", str(tmp_path))
    closed = dataclasses.replace(getattr(full, constant), server="http://127.0.0.1:9")
    monkeypatch.setattr(full, constant, closed)
    start = time.monotonic()
    with pytest.raises(data.DataUnavailableError) as caught:
        ask(source="full")
    assert time.monotonic() - start < 5
    text = str(caught.value)
    for part in (closed.wanted, "URLError", named, str(tmp_path), 'source="local"'):
        assert part in text
    assert isinstance(caught.value.__cause__, OSError)


def test_without_tensorflow_datasets_the_error_says_so(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(data.DataUnavailableError, match="tensorflow_datasets"):
        data.digits_arrays(source="full")


def test_a_server_that_refuses_is_reached_all_the_same():
    class Refuse(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Refuse) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        full._reach(f"http://127.0.0.1:{server.server_port}")
        thread.join()
