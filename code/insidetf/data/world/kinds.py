"""The kinds of things in the world, and where each is at home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from insidetf.data.world import animals, plants
from insidetf.data.world.ground import GRASS, GROUND, PATH, POND
from insidetf.data.world.pen import Pen

LAND, ANYWHERE = (GRASS, PATH), (GRASS, PATH, POND)


@dataclass(frozen=True)
class Kind:
    """What a thing is called, who draws it, where it is found, how far it leans."""

    name: str
    draw: Callable[[Pen, np.random.Generator], None]
    home: tuple[int, ...] = LAND
    lean: float = 0.5  # at most so many turns to either side; 0.5 is every direction
    mirrors: bool = False


KINDS = (
    Kind("flower", plants.flower, home=(GRASS,)),
    Kind("mushroom", plants.mushroom, home=(GRASS,), lean=0.05),
    Kind("butterfly", animals.butterfly, home=ANYWHERE),
    Kind("ladybug", animals.ladybug),
    Kind("snail", animals.snail, lean=0.05, mirrors=True),
    Kind("fish", animals.fish, home=(POND,), lean=0.12, mirrors=True),
    Kind("bee", animals.bee, home=ANYWHERE),
    Kind("leaf", plants.leaf, home=ANYWHERE),
    Kind("apple", plants.apple, lean=0.07),
    Kind("caterpillar", animals.caterpillar, lean=0.1, mirrors=True),
)
LILY = Kind("lily", plants.lily, home=(POND,))
NAMES = tuple(kind.name for kind in KINDS)
#: The kinds that live in scenes; the others come in cutouts alone.
SCENE_NAMES = NAMES[:6]
#: What a scene draws its next thing from. Fish stand twice: half of them find no pond.
POPULATION = (0, 1, 2, 3, 4, 5, 5)
#: The classes of the semantic mask: the ground, then the kinds of scenes.
CLASSES = GROUND + SCENE_NAMES
