"""The garden as a data set of TensorFlow Datasets.

Importing this module registers it: then `tfds.load("garden/scenes96")` works, too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import tensorflow_datasets as tfds

from insidetf.data.progress import counted
from insidetf.data.world.kinds import CLASSES, NAMES, SCENE_NAMES
from insidetf.data.world.scene import Thing, draw_cutout, draw_scene


@dataclasses.dataclass
class GardenConfig(tfds.core.BuilderConfig):
    """What a configuration draws.

    Attributes:
        size: pixels of a picture's side.
        most: between 1 and so many things are in a scene; 0: the pictures are cutouts.
        dusk: whether the scenes are drawn in the last light.
        masks: whether each thing comes with its own mask.
        train: how many pictures there are for training.
        test: how many for testing, of other seeds.
    """

    size: int = 96
    most: int = 6
    dusk: bool = False
    masks: bool = False
    train: int = 1500
    test: int = 200


CONFIGS = {
    config.name: config
    for config in (
        GardenConfig(name="scenes96", description="Scenes with boxes."),
        GardenConfig(name="scenes64", description="Small scenes.", size=64, most=4),
        GardenConfig(
            name="instances96",
            description="The first of scenes96, and a mask for each thing.",
            masks=True,
            train=600,
            test=100,
        ),
        GardenConfig(
            name="dusk96",
            description="The first of scenes96, drawn at dusk.",
            dusk=True,
            train=300,
        ),
        GardenConfig(
            name="cutouts48",
            description="One of ten kinds of things on each picture.",
            size=48,
            most=0,
            train=2000,
            test=500,
        ),
    )
}


class Garden(tfds.core.GeneratorBasedBuilder):
    """Flowers, mushrooms, and animals on grass, paths, and ponds, drawn by a program.

    The pictures are functions of integers: preparation gives the same examples in the
    same order on every machine. A changed drawing has to come with a new VERSION, or
    the pictures prepared before it stay in use.
    """

    VERSION = tfds.core.Version("1.0.0")
    BUILDER_CONFIGS: ClassVar[list[GardenConfig]] = list(CONFIGS.values())

    def _info(self) -> tfds.core.DatasetInfo:
        config = self.builder_config
        make = _scene_features if config.most else _cutout_features
        return tfds.core.DatasetInfo(
            builder=self,
            description=type(self).__doc__,
            features=tfds.features.FeaturesDict(make(config)),
            supervised_keys=None if config.most else ("image", "label"),
        )

    def _split_generators(self, dl_manager: Any) -> dict[str, Iterator]:
        config = self.builder_config
        return {
            "train": self._generate_examples(0, config.train),
            "test": self._generate_examples(1, config.test),
        }

    def _generate_examples(self, part: int, count: int) -> Iterator[tuple[int, dict]]:
        config = self.builder_config
        make = _scene if config.most else _cutout
        done, total = part * config.train, config.train + config.test
        for i in counted(f"garden/{config.name}", range(count), done, total):
            yield i, make(config, part, i)


def _image(config: GardenConfig, channels: int) -> tfds.features.Image:
    return tfds.features.Image(
        shape=(config.size, config.size, channels), encoding_format="png"
    )


def _scene_features(config: GardenConfig) -> dict[str, Any]:
    thing = {
        "bbox": tfds.features.BBoxFeature(),
        "label": tfds.features.ClassLabel(names=SCENE_NAMES),
    }
    if config.masks:
        thing["mask"] = _image(config, 1)
    return {
        "image": _image(config, 3),
        "segmentation": tfds.features.LabeledImage(
            labels=list(CLASSES), shape=(config.size, config.size, 1)
        ),
        "objects": tfds.features.Sequence(thing),
    }


def _cutout_features(config: GardenConfig) -> dict[str, Any]:
    return {
        "image": _image(config, 3),
        "label": tfds.features.ClassLabel(names=NAMES),
        "bbox": tfds.features.BBoxFeature(),
    }


def _scene(config: GardenConfig, part: int, i: int) -> dict[str, Any]:
    scene = draw_scene((part, i), config.size, config.most, config.dusk)
    return {
        "image": scene.image,
        "segmentation": scene.semantic,
        "objects": [_object(thing, config.masks) for thing in scene.things],
    }


def _object(thing: Thing, masks: bool) -> dict[str, Any]:
    example = {"bbox": _bbox(thing), "label": thing.label}
    return example | ({"mask": thing.mask[..., None].astype(np.uint8)} if masks else {})


def _bbox(thing: Thing) -> tfds.features.BBox:
    ymin, xmin, ymax, xmax = (float(edge) for edge in thing.box)
    return tfds.features.BBox(ymin=ymin, xmin=xmin, ymax=ymax, xmax=xmax)


def _cutout(config: GardenConfig, part: int, i: int) -> dict[str, Any]:
    # Labels take turns, so that the classes are equal in number.
    image, thing = draw_cutout((2 + part, i), i % len(NAMES), config.size)
    return {"image": image, "label": thing.label, "bbox": _bbox(thing)}
