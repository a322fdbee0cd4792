"""The garden: the same bytes everywhere, true boxes and masks, drawn once."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from insidetf import data
from insidetf.data import garden_builder, prepare, progress
from insidetf.data.garden_builder import CONFIGS, Garden
from insidetf.data.world import exact, ground, kinds
from insidetf.data.world.scene import draw_cutout, draw_scene

#: sha256 of the pictures of a version. When the drawing changes, VERSION has to.
DRAWN = {"1.0.0": "31a8fb8d9d8b29e3745d6fdb3fa9eaac25087694bd5461c63902e2b8e08f8cd9"}
HASH = """
import hashlib
from insidetf.data.world.scene import draw_cutout, draw_scene
digest = hashlib.sha256()
for i in range(6):
    scene = draw_scene((0, i), size=64, dusk=i == 5)
    digest.update(scene.image.tobytes() + scene.semantic.tobytes())
    for thing in scene.things:
        digest.update(thing.box.tobytes() + thing.mask.tobytes() + bytes([thing.label]))
for k in range(10):
    digest.update(draw_cutout((2, k), k)[0].tobytes())
print(digest.hexdigest())
"""
SMALL = """
from insidetf.data.garden_builder import CONFIGS
for config in CONFIGS.values():
    config.train, config.test = 12, 5
"""
NAMES = ("scenes96", "scenes64", "instances96", "dusk96", "cutouts48")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def small(monkeypatch, folder):
    monkeypatch.setenv("INSIDETF_DATA", str(folder))
    monkeypatch.delenv("INSIDETF_SOURCE", raising=False)
    for config in CONFIGS.values():
        monkeypatch.setattr(config, "train", 12)
        monkeypatch.setattr(config, "test", 5)


def run(program, **env):
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_other_hash_seeds_and_processors_draw_the_bytes_of_this_version():
    drawn = [
        run(HASH, PYTHONHASHSEED="0"),
        # Another hash seed, and NumPy without its loops for newer processors.
        run(HASH, PYTHONHASHSEED="123", NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4"),
    ]
    digests = {process.communicate()[0].strip() for process in drawn}
    assert digests == {DRAWN[str(Garden.VERSION)]}


def test_sine_is_close_to_the_library_s():
    turns = np.linspace(-2, 2, 999)
    np.testing.assert_allclose(exact.sine(turns), np.sin(2 * np.pi * turns), atol=2e-5)
    np.testing.assert_allclose(
        exact.cosine(turns), np.cos(2 * np.pi * turns), atol=2e-5
    )


def test_hsv_is_the_standard_library_s():
    import colorsys

    for hue, saturation, value in np.random.default_rng(0).random((50, 3)):
        expected = colorsys.hsv_to_rgb(hue, saturation, value)
        np.testing.assert_allclose(
            exact.hsv(hue, saturation, value), expected, atol=1e-6
        )


@pytest.mark.parametrize("size", [64, 96])
def test_boxes_are_the_tight_bounds_of_the_masks(size):
    for i in range(20):
        scene = draw_scene((7, i), size)
        assert 1 <= len(scene.things) <= 6
        for thing in scene.things:
            ymin, xmin, ymax, xmax = np.rint(thing.box * size).astype(int)
            inside = thing.mask[ymin:ymax, xmin:xmax]
            assert inside.sum() == thing.mask.sum() >= 12
            for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]):
                assert edge.any()


def test_masks_do_not_overlap_and_agree_with_the_classes():
    for i in range(20):
        scene = draw_scene((8, i))
        classes = scene.semantic[..., 0]
        things = np.zeros(classes.shape, int)
        for thing in scene.things:
            things += thing.mask
            assert set(classes[thing.mask]) == {len(ground.GROUND) + thing.label}
        assert things.max() <= 1
        assert (classes[things == 0] < len(ground.GROUND)).all()


def test_things_are_at_home_and_every_kind_comes():
    seen = np.zeros(len(kinds.SCENE_NAMES), int)
    for i in range(120):
        scene = draw_scene((9, i), size=48)
        seen[[thing.label for thing in scene.things]] += 1
    assert seen.min() > 15 and seen.max() < 4 * seen.min()


def test_a_fish_swims_in_a_pond():
    fish, around = kinds.NAMES.index("fish"), []
    for i in range(60):
        scene = draw_scene((9, i), size=64)
        for thing in (t for t in scene.things if t.label == fish):
            y, x = np.argwhere(thing.mask).mean(axis=0).astype(int)
            near = scene.semantic[max(0, y - 12) : y + 12, max(0, x - 12) : x + 12]
            around.append((near == ground.POND).any())
    assert len(around) > 10 and np.mean(around) > 0.9


@pytest.mark.parametrize("label", range(len(kinds.NAMES)))
def test_a_cutout_shows_one_whole_thing(label):
    for i in range(4):
        image, thing = draw_cutout((3, i), label)
        assert image.shape == (48, 48, 3) and thing.label == label
        assert 0.1 < thing.mask.mean() < 0.6
        # It stands out: its colors differ from those of the ground around it.
        outside = image[~thing.mask].mean(axis=0)
        assert np.abs(image[thing.mask] - outside).mean() > 25


def test_dusk_falls_on_the_same_scene():
    day, dusk = draw_scene((0, 1)), draw_scene((0, 1), dusk=True)
    np.testing.assert_array_equal(day.semantic, dusk.semantic)
    assert dusk.image.mean() < 0.7 * day.image.mean()
    red, blue = (day.image[..., c].mean() / dusk.image[..., c].mean() for c in (0, 2))
    assert red > blue


@pytest.mark.parametrize("name", NAMES)
def test_elements_have_the_documented_form(name):
    config = CONFIGS[name]
    n, m = config.size, config.most
    spec = data.garden(name).element_spec
    assert spec[0] == tf.TensorSpec((n, n, 3), tf.uint8)
    if name == "cutouts48":
        assert spec[1] == tf.TensorSpec((), tf.int64)
        return
    expected = {
        "segmentation": tf.TensorSpec((n, n, 1), tf.uint8),
        "bbox": tf.TensorSpec((m, 4), tf.float32),
        "label": tf.TensorSpec((m,), tf.int64),
    }
    if name == "instances96":
        expected["mask"] = tf.TensorSpec((m, n, n, 1), tf.uint8)
    assert spec[1] == expected


def test_what_is_read_is_what_was_drawn():
    drawn = {
        scene.image.tobytes(): scene
        for scene in (draw_scene((0, i)) for i in range(12))
    }
    seen = 0
    for image, y in data.garden("instances96").as_numpy_iterator():
        scene = drawn.pop(image.tobytes())
        np.testing.assert_array_equal(y["segmentation"], scene.semantic)
        count = len(scene.things)
        assert y["label"].tolist() == [t.label for t in scene.things] + [-1] * (
            6 - count
        )
        for k, thing in enumerate(scene.things):
            np.testing.assert_array_equal(y["mask"][k, ..., 0], thing.mask)
            np.testing.assert_array_equal(y["bbox"][k], thing.box)
        assert not y["mask"][count:].any() and not y["bbox"][count:].any()
        seen += 1
    assert seen == 12 and not drawn


@pytest.mark.parametrize("name", ["scenes64", "cutouts48"])
def test_arrays_agree_with_the_dataset_and_splits_are_disjoint(name):
    parts = data.garden_arrays(name)
    for split, part in zip(("train", "test"), parts, strict=True):
        batch = next(iter(data.garden(name, split, 12)))
        tf.nest.map_structure(np.testing.assert_array_equal, part, batch)
    train, test = ({image.tobytes() for image in x} for x, _ in parts)
    assert len(train) == 12 and len(test) == 5 and train.isdisjoint(test)


def test_tfds_loads_the_garden_by_its_name(folder):
    import tensorflow_datasets as tfds

    data.garden("cutouts48")
    loaded, info = tfds.load(
        "garden/cutouts48", data_dir=str(folder), with_info=True, as_supervised=True
    )
    assert info.features["label"].names == list(kinds.NAMES)
    ours = [
        image.tobytes() for image, _ in data.garden("cutouts48").as_numpy_iterator()
    ]
    theirs = [image.tobytes() for image, _ in loaded["train"].as_numpy_iterator()]
    assert ours == theirs


def test_a_second_load_draws_nothing(monkeypatch):
    first = data.garden_arrays("cutouts48")

    def refuse(*arguments):
        raise AssertionError("drawn again")

    monkeypatch.setattr(garden_builder, "draw_cutout", refuse)
    tf.nest.map_structure(
        np.testing.assert_array_equal, first, data.garden_arrays("cutouts48")
    )


def test_two_processes_prepare_one_garden_and_say_nothing(tmp_path):
    program = SMALL + (
        "import hashlib, numpy as np\n"
        "from insidetf import data\n"
        "(x, y), _ = data.garden_arrays('cutouts48')\n"
        "print(hashlib.sha256(x.tobytes() + y.tobytes()).hexdigest())\n"
    )
    both = [run(program, INSIDETF_DATA=str(tmp_path)) for _ in range(2)]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    (x, y), _ = data.garden_arrays("cutouts48")
    expected = hashlib.sha256(x.tobytes() + y.tobytes()).hexdigest()
    assert [out.split() for out, _ in said] == [[expected]] * 2
    assert not any("Drawing" in err or "Generating" in err for _, err in said)
    versions = list((tmp_path / "garden" / "cutouts48").iterdir())
    assert [path.name for path in versions] == [str(Garden.VERSION)]


def test_a_preparation_that_fails_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setenv("INSIDETF_DATA", str(tmp_path))

    def fail(*arguments):
        raise ZeroDivisionError("the pen broke")

    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr(garden_builder, "draw_cutout", fail)
        data.garden("cutouts48")
    assert len(list(data.garden("cutouts48"))) == 12


def test_a_folder_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("INSIDETF_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(
        data.DataUnavailableError, match="set INSIDETF_DATA to a folder"
    ):
        data.garden("cutouts48")


def test_an_unknown_configuration_or_split_is_refused():
    with pytest.raises(ValueError, match="config is 'scenes'; expected one of"):
        data.garden("scenes")
    with pytest.raises(ValueError, match="split is 'all'"):
        data.garden("cutouts48", "all")


def test_the_bars_of_tfds_come_back(monkeypatch):
    import tensorflow_datasets as tfds

    bars = tfds.core.utils.tqdm_utils
    for shown in (True, False):
        monkeypatch.setattr(bars, "_active", shown)
        with prepare._quietly():
            assert not bars._active
            print("hidden")
        assert bars._active == shown


def test_the_progress_line_is_one_line_and_goes_away(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PAUSE", 0)
    monkeypatch.setattr(progress, "shown", lambda: True)
    assert list(progress.counted("garden/x", "abc", 2, 10)) == ["a", "b", "c"]
    text = capsys.readouterr().err
    assert "\n" not in text
    assert [part.strip() for part in text.split("\r")] == [
        "",
        *(f"Drawing garden/x: {k} of 10 pictures" for k in (3, 4, 5)),
        "",
        "",
    ]


def test_the_progress_line_can_be_kept_away(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PAUSE", 0)
    monkeypatch.setenv("INSIDETF_PROGRESS", "0")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert not progress.shown()
    monkeypatch.delenv("INSIDETF_PROGRESS")
    assert progress.shown()
