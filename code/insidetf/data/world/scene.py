"""Pictures of the world, and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insidetf.data.world.exact import between, one_of
from insidetf.data.world.ground import GROUND, Ground, ground
from insidetf.data.world.kinds import KINDS, LILY, POPULATION, Kind
from insidetf.data.world.pen import Box, Pen

Rng = np.random.Generator
#: The least and the greatest radius of a thing, in shares of the picture's side.
IN_SCENE, IN_CUTOUT = (0.11, 0.19), (0.3, 0.38)


@dataclass(frozen=True)
class Thing:
    """A thing in a picture.

    Attributes:
        label: index into `kinds.KINDS`.
        mask: bool (n, n), where it is seen.
        box: float32 (4,), ymin, xmin, ymax, xmax of that in [0, 1].
    """

    label: int
    mask: np.ndarray
    box: np.ndarray


@dataclass(frozen=True)
class Scene:
    """A picture, uint8 (n, n, 3), its semantic mask, uint8 (n, n, 1), its things."""

    image: np.ndarray
    semantic: np.ndarray
    things: tuple[Thing, ...]


def draw_scene(
    seed: tuple[int, ...], size: int = 96, most: int = 6, dusk: bool = False
) -> Scene:
    """Draw one scene; equal arguments give equal bytes, on every machine.

    Args:
        seed: integers that name the scene.
        size: pixels of a side.
        most: between 1 and so many things are in it.
        dusk: in the last light: dim, bluish, and noisy.

    >>> scene = draw_scene((0, 3), size=32)
    >>> scene.image.shape, scene.semantic.shape, scene.image.dtype
    ((32, 32, 3), (32, 32, 1), dtype('uint8'))
    """
    rng = np.random.default_rng(seed)
    bare = ground(rng, size)
    _lilies(rng, bare)
    owner = np.full((size, size), -1, np.int64)
    labels: list[int] = []
    for x, y, r, label in _places(rng, bare.kinds, 1 + int(rng.integers(most))):
        box = Box(size, x, y, r)
        mask = _put(rng, bare.picture, KINDS[label], box)
        owner[box.rows, box.columns][mask] = len(labels)
        labels.append(label)
    semantic = bare.kinds.copy()
    for k, label in enumerate(labels):
        semantic[owner == k] = len(GROUND) + label
    things = tuple(_thing(label, owner == k) for k, label in enumerate(labels))
    return Scene(_developed(rng, bare.picture, dusk), semantic[..., None], things)


def draw_cutout(
    seed: tuple[int, ...], label: int, size: int = 48
) -> tuple[np.ndarray, Thing]:
    """Draw one thing, large, on any ground; return (image, thing).

    >>> image, thing = draw_cutout((0, 0), label=9, size=32)
    >>> image.shape, thing.label, bool(thing.mask.mean() > 0.1)
    ((32, 32, 3), 9, True)
    """
    rng = np.random.default_rng(seed)
    picture = ground(rng, size).picture
    r = size * between(rng, *IN_CUTOUT)
    x, y = (size / 2 + (size / 2 - r) * between(rng, -0.7, 0.7) for _ in range(2))
    box, mask = Box(size, x, y, r), np.zeros((size, size), bool)
    mask[box.rows, box.columns] = _put(rng, picture, KINDS[label], box)
    return _developed(rng, picture, dusk=False), _thing(label, mask)


def _places(
    rng: Rng, where: np.ndarray, wanted: int
) -> list[tuple[float, float, float, int]]:
    """Choose (x, y, radius, label) of things, each at home, hardly overlapping."""
    size = len(where)
    chosen: list[tuple[float, float, float, int]] = []
    while len(chosen) < wanted:
        label = one_of(rng, POPULATION)
        r = size * between(rng, *IN_SCENE)
        for _ in range(30):
            x, y = (between(rng, 0.75 * r, size - 0.75 * r) for _ in range(2))
            near = any(_near(x - a, y - b, r + c) for a, b, c, _ in chosen)
            if not near and _at_home(where, KINDS[label], x, y, r):
                chosen.append((x, y, r, label))
                break
        else:
            wanted -= bool(chosen)  # no room for this one
    return chosen


def _near(dx: float, dy: float, reach: float) -> bool:
    return dx * dx + dy * dy < (0.8 * reach) * (0.8 * reach)


def _at_home(where: np.ndarray, kind: Kind, x: float, y: float, r: float) -> bool:
    """Tell whether the ground suits a thing, at its center and half way to its edge."""
    last = len(where) - 1
    spots = ((0.0, 0.0), (0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.0, -0.5))
    rows = (min(max(int(y + r * dy), 0), last) for _, dy in spots)
    columns = (min(max(int(x + r * dx), 0), last) for dx, _ in spots)
    return all(where[i, j] in kind.home for i, j in zip(rows, columns, strict=True))


def _lilies(rng: Rng, bare: Ground) -> None:
    """Put lily pads on the pond, which belong to it and are no things."""
    size = len(bare.kinds)
    for _ in range(3):
        x, y = (between(rng, 0, size) for _ in range(2))
        r = size * between(rng, 0.04, 0.065)
        if _at_home(bare.kinds, LILY, x, y, 1.6 * r):
            _put(rng, bare.picture, LILY, Box(size, x, y, r))


def _put(rng: Rng, picture: np.ndarray, kind: Kind, box: Box) -> np.ndarray:
    """Draw a thing onto the box of a picture; return its mask there."""
    lean = between(rng, -kind.lean, kind.lean)
    mirrored = one_of(rng, (False, True)) and kind.mirrors
    pen = Pen(box, lean, mirrored)
    kind.draw(pen, rng)
    return pen.stamp(picture[box.rows, box.columns])


def _thing(label: int, mask: np.ndarray) -> Thing:
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    edges = np.array([rows[0], columns[0], rows[-1] + 1, columns[-1] + 1], np.float32)
    return Thing(label, mask, edges / np.float32(len(mask)))


def _developed(rng: Rng, picture: np.ndarray, dusk: bool) -> np.ndarray:
    """Return bytes of a picture, as a camera by day or at dusk takes it."""
    if dusk:
        gray = (picture[..., :1] + picture[..., 1:2] + picture[..., 2:]) / np.float32(3)
        tint = np.array([0.56, 0.59, 0.9], np.float32)
        grain = rng.random(picture.shape, dtype=np.float32) - np.float32(0.5)
        picture = (picture + gray) * np.float32(0.5) * tint + grain * np.float32(0.1)
    return (np.clip(picture, 0, 1) * np.float32(255)).astype(np.uint8)
