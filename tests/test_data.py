"""The shipped and computed data: arrays, datasets, splits, pairs."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from insidetf import data
from insidetf.data import energy_model, shipped, tables

#: Arrays, dataset, what one x and one y are.
SETS = {
    "digits": ((8, 8, 1), np.int64),
    "wine": ((12,), {"alcohol": np.float32, "kind": np.int64}),
    "breast_cancer": ((30,), np.int64),
    "diabetes": ((10,), np.float32),
    "energy": ((10,), {"cooling": np.float32, "heating": np.float32}),
}


def arrays_of(name, **options):
    return getattr(data, f"{name}_arrays")(**options)


def rows(parts):
    """Return each example of both parts as bytes of x and y."""
    return [
        [
            x[k].tobytes() + b"".join(v[k].tobytes() for v in tf.nest.flatten(y))
            for k in range(len(x))
        ]
        for x, y in parts
    ]


@pytest.fixture(autouse=True)
def local(monkeypatch):
    monkeypatch.delenv("INSIDETF_SOURCE", raising=False)


def test_importing_the_data_imports_nothing_heavy():
    program = (
        "import sys, insidetf.data\n"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'scipy', 'matplotlib',"
        " 'tensorflow_datasets'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "insidetf.data.digits_arrays(), insidetf.data.wine_arrays()\n"
        "insidetf.data.diabetes_arrays(), insidetf.data.breast_cancer_arrays()\n"
        "insidetf.data.energy_arrays()\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["[]", "[]"]


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes", "digits", "wine"])
def test_the_files_hold_what_scikit_learn_reads_from_them(name):
    x, y = shipped._imported(name)
    ours, labels = shipped.table(name)
    np.testing.assert_array_equal(ours, x)
    np.testing.assert_array_equal(labels, y)


def test_moved_files_are_read_by_scikit_learn_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "folder", lambda wanted: tmp_path)
    assert shipped.table("wine")[0].shape == (178, 13)


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shipped.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(data.DataUnavailableError, match="pip install scikit-learn"):
        data.digits_arrays()


@pytest.mark.parametrize("name", SETS)
def test_arrays_have_the_documented_form(name):
    shape, types = SETS[name]
    for x, y in arrays_of(name):
        assert x.shape[1:] == shape and x.dtype == np.float32
        tf.nest.assert_same_structure(y, types)
        for values, dtype in zip(
            tf.nest.flatten(y), tf.nest.flatten(types), strict=True
        ):
            assert values.shape == x.shape[:1] and values.dtype == dtype


@pytest.mark.parametrize("name", SETS)
def test_a_dataset_gives_the_arrays_in_their_order(name):
    for split, (x, y) in zip(("train", "test"), arrays_of(name), strict=True):
        batches = list(getattr(data, name)(split, 100).as_numpy_iterator())
        joined = tf.nest.map_structure(lambda *v: np.concatenate(v), *batches)
        tf.nest.map_structure(np.testing.assert_array_equal, joined, (x, y))
    single = next(iter(getattr(data, name)("test")))[0]
    np.testing.assert_array_equal(single, x[0])


@pytest.mark.parametrize("name", SETS)
def test_no_example_is_in_both_splits(name):
    train, test = map(set, rows(arrays_of(name)))
    assert train.isdisjoint(test)
    assert len(train | test) == sum(len(x) for x, _ in arrays_of(name))


@pytest.mark.parametrize("name", SETS)
def test_a_seed_gives_one_division_and_another_seed_another(name):
    first, again, other = (rows(arrays_of(name, seed=seed)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


@pytest.mark.parametrize("name", ["wine", "breast_cancer", "diabetes", "energy"])
def test_columns_are_standardized_by_the_training_part(name):
    (x, _), (x_test, _) = arrays_of(name)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-5)
    assert np.abs(x_test.mean(axis=0)).max() > 0.01  # not by its own statistics
    assert np.isfinite(x_test).all()


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("wine", tables.WINE_FEATURES),
        ("breast_cancer", tables.BREAST_CANCER_FEATURES),
        ("diabetes", tables.DIABETES_FEATURES),
        ("energy", energy_model.ENERGY_FEATURES),
    ],
)
def test_each_column_has_a_name(name, names):
    (x, _), _ = arrays_of(name)
    assert x.shape[1] == len(names) == len(set(names))


def test_energy_follows_its_formula_give_or_take_the_noise():
    x, y = energy_model.measured(5000, seed=1)
    for name, load in zip(("heating", "cooling"), energy_model.loads(x), strict=True):
        ratio = y[name] / load
        np.testing.assert_allclose(ratio.mean(), 1, atol=0.003)
        np.testing.assert_allclose(ratio.std(), 0.03, atol=0.003)


def test_a_house_with_better_walls_needs_less_heat():
    x = energy_model.houses(200, seed=0)
    better = x.copy()
    better[:, energy_model.ENERGY_FEATURES.index("U of walls [W/(m² K)]")] = 0.1
    assert (energy_model.loads(better)[0] < energy_model.loads(x)[0]).all()


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(2, 9), min_size=2, max_size=6),
    half=st.integers(1, 30),
    seed=st.integers(0, 99),
)
def test_half_of_the_pairs_are_of_one_class(sizes, half, seed):
    y = np.repeat(np.arange(len(sizes)), sizes)
    x = np.arange(len(y))
    (left, right), same = data.pairs_arrays(x, y, 2 * half, seed=seed)
    np.testing.assert_array_equal(y[left] == y[right], same == 1)
    assert same.sum() == half and same.dtype == np.float32
    assert (left != right).all()


def test_pairs_give_every_class_its_turn_however_rare_it_is():
    y = np.array([0] * 90 + [1] * 5 + [2] * 5)
    (left, _), same = data.pairs_arrays(np.arange(100), y, 60)
    assert np.bincount(y[left]).tolist() == [20, 20, 20]
    assert np.bincount(y[left[same == 1]]).tolist() == [10, 10, 10]


def test_pairs_repeat_with_their_seed_and_agree_with_their_dataset():
    (x, y), _ = data.digits_arrays()
    (left, right), same = data.pairs_arrays(x, y, 64, seed=5)
    batch = next(iter(data.pairs(x, y, 64, 64, seed=5)))
    for ours, theirs in zip((left, right, same), tf.nest.flatten(batch), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert not np.array_equal(left, data.pairs_arrays(x, y, 64, seed=6)[0][0])


def test_pairs_of_all_examples_are_as_many_as_the_examples():
    (_, right), same = data.pairs_arrays(np.arange(7), np.array([0, 1] * 3 + [0]))
    assert len(right) == len(same) == 6


@pytest.mark.parametrize(
    ("labels", "count", "message"),
    [
        ([0, 0, 1, 1], 3, "even number"),
        ([0, 0, 0, 0], 2, "two of 2 or more"),
        ([0, 0, 0, 1], 2, "two of 2 or more"),
        ([0, 1], 2, "rows"),
    ],
)
def test_pairs_that_cannot_be_made_are_refused(labels, count, message):
    with pytest.raises(ValueError, match=message):
        data.pairs_arrays(np.arange(4), np.array(labels), count)


def test_photographs_are_those_that_scikit_learn_shows():
    from sklearn.datasets import load_sample_image

    images, names = data.photographs_arrays()
    assert images.shape == (2, 427, 640, 3) and images.dtype == np.uint8
    for image, name in zip(images, names, strict=True):
        theirs = load_sample_image(f"{name}.jpg").astype(int)
        assert np.abs(image.astype(int) - theirs).max() <= 16  # another JPEG decoder
        assert np.abs(image.astype(int) - theirs).mean() < 1
    assert [name.numpy().decode() for _, name in data.photographs()] == list(names)


def test_an_unknown_source_or_split_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="source is 'remote'"):
        data.wine_arrays(source="remote")
    with pytest.raises(ValueError, match="split is 'validation'"):
        data.wine("validation")
    monkeypatch.setenv("INSIDETF_SOURCE", "nowhere")
    with pytest.raises(ValueError, match="INSIDETF_SOURCE is 'nowhere'"):
        data.diabetes_arrays()


def test_the_folder_of_the_data_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("INSIDETF_DATA", str(tmp_path / "here"))
    assert data.data_dir() == tmp_path / "here"
    monkeypatch.delenv("INSIDETF_DATA")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert data.data_dir() == tmp_path / "insidetf"
