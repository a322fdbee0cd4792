"""A pen that paints shapes one over another, with outlines, light, and a shadow."""

from __future__ import annotations

import numpy as np

from insidetf.data.world.shapes import Points, turned

INK = np.array([0.13, 0.10, 0.09], np.float32)
WHITE = np.array([0.97, 0.96, 0.93], np.float32)


class Pen:
    """Paint on a patch of a picture, in units of a thing's radius around its center.

    Attributes:
        at: coordinates of the patch's pixels, (x, y), turned with the thing.
        line: half a pixel's width in those units: the thinnest line that is seen.
        ink: float32 (h, w, 3), what is painted so far, multiplied with its coverage.
        clear: float32 (h, w), 1 where nothing is painted, 0 where all is covered.
    """

    def __init__(self, box: Box, turns: float, mirrored: bool) -> None:
        self.radius = np.float32(box.radius)
        straight = box.points()
        self._straight = straight
        x, y = turned(straight, turns)
        self.at: Points = (-x if mirrored else x, y)
        self.line = 0.5 / box.radius
        self.ink = np.zeros((*x.shape, 3), np.float32)
        self.clear = np.ones(x.shape, np.float32)

    def fill(self, distance: np.ndarray, color: np.ndarray) -> None:
        """Cover the inside of a shape, with a smooth edge of one pixel."""
        cover = np.clip(np.float32(0.5) - distance * self.radius, 0, 1)
        self.ink += cover[..., None] * (color - self.ink)
        self.clear *= 1 - cover

    def draw(self, distance: np.ndarray, color: np.ndarray, edge: float = 0.42) -> None:
        """Fill a shape and its outline, which is the color at a share of its light."""
        self.fill(distance - np.float32(2 * self.line), color * np.float32(edge))
        self.fill(distance, color)

    def stamp(self, patch: np.ndarray) -> np.ndarray:
        """Put what is painted onto a patch; return its mask, bool (h, w)."""
        x, y = self._straight
        light = np.clip(1 - np.float32(0.16) * (x + y), 0.7, 1.3)
        cover = 1 - self.clear
        shade = 1 - np.float32(0.45) * _soft(cover, max(1, round(0.13 * self.radius)))
        under = patch * (shade * self.clear)[..., None]
        patch[:] = under + np.minimum(self.ink * light[..., None], cover[..., None])
        return cover > np.float32(0.5)


def _soft(cover: np.ndarray, step: int) -> np.ndarray:
    """Return a cover's shadow: shifted right and down, its edge blurred."""
    total = np.zeros_like(cover)
    for down, right in ((0, 0), (1, 0), (0, 1), (1, 1)):
        dy, dx = step + down, step + right
        total[dy:, dx:] += cover[:-dy, :-dx]
    return total * np.float32(0.25)


class Box:
    """The square of a picture around a thing, cut at the picture's edge."""

    def __init__(self, size: int, x: float, y: float, radius: float) -> None:
        reach = int(1.45 * radius) + 2
        self.rows = slice(max(0, int(y) - reach), min(size, int(y) + reach + 1))
        self.columns = slice(max(0, int(x) - reach), min(size, int(x) + reach + 1))
        self.x, self.y, self.radius = x, y, radius

    def points(self) -> Points:
        """Return the centers of the box's pixels, in radii from the thing's center."""
        rows = np.arange(self.rows.start, self.rows.stop, dtype=np.float32)
        columns = np.arange(self.columns.start, self.columns.stop, dtype=np.float32)
        half, scale = np.float32(0.5), np.float32(1 / self.radius)
        y = (rows + half - np.float32(self.y)) * scale
        x = (columns + half - np.float32(self.x)) * scale
        return np.broadcast_arrays(x[None, :], y[:, None])
