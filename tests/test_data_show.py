"""Figures of pictures show what they are given."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

from insidetf.data import show
from insidetf.data.world.kinds import CLASSES
from insidetf.data.world.scene import draw_scene


@pytest.fixture(autouse=True)
def no_window():
    with mpl.rc_context({"backend": "agg"}):
        yield
    plt.close("all")


def truth(count):
    scenes = [draw_scene((4, i), size=48) for i in range(count)]
    boxes, labels = np.zeros((count, 6, 4)), np.full((count, 6), -1)
    for i, scene in enumerate(scenes):
        for k, thing in enumerate(scene.things):
            boxes[i, k], labels[i, k] = thing.box, thing.label
    segmentation = np.stack([scene.semantic for scene in scenes])
    known = {"bbox": boxes, "label": labels, "segmentation": segmentation}
    return np.stack([scene.image for scene in scenes]), known


def test_a_grid_shows_every_picture_under_its_title():
    images = np.random.default_rng(0).random((10, 8, 8, 1))
    figure = show.grid(images, range(10), columns=4)
    filled = [ax for ax in figure.axes if ax.images]
    assert [ax.get_title() for ax in filled] == [str(k) for k in range(10)]
    np.testing.assert_array_equal(filled[3].images[0].get_array(), images[3, ..., 0])
    assert len(figure.axes) == 12


def test_a_grid_takes_bytes_and_shares_alike():
    image = np.random.default_rng(0).integers(0, 256, (1, 8, 8, 3)).astype(np.uint8)
    shown = [show.grid(x).axes[0].images[0].get_array() for x in (image, image / 255)]
    np.testing.assert_allclose(*shown)


def test_scenes_have_a_box_and_a_name_for_each_thing_and_none_for_the_rest():
    images, known = truth(3)
    figure = show.scenes(images, known, columns=3)
    for k, ax in enumerate(figure.axes[:3]):
        count = (known["label"][k] >= 0).sum()
        assert len(ax.patches) == 2 * count and len(ax.texts) == count
        ymin, xmin, ymax, xmax = known["bbox"][k, 0] * 48 - 0.5
        assert ax.patches[0].get_bbox().extents.tolist() == pytest.approx(
            [xmin, ymin, xmax, ymax]
        )
    assert all(len(ax.images) == 1 for ax in figure.axes)


def test_scenes_without_a_segmentation_take_one_row():
    images, known = truth(2)
    del known["segmentation"]
    assert len(show.scenes(images, known, columns=2).axes) == 2


def test_an_overlay_has_a_color_of_its_own_for_each_class():
    black = np.zeros((1, len(CLASSES), 3), np.uint8)
    colors = show.overlay(black, np.arange(len(CLASSES))[None], share=1)[0]
    apart = np.linalg.norm(colors[:, None] - colors[None], axis=-1)
    assert apart[~np.eye(len(CLASSES), dtype=bool)].min() > 0.2
    assert [text.get_text() for text in show.legend().axes[0].texts] == list(CLASSES)
