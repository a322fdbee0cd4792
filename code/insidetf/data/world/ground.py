"""The ground of a scene: grass, a path, and a pond, with what grows and lies there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insidetf.data.world.exact import between, hsv, mix, sine
from insidetf.data.world.pen import WHITE
from insidetf.data.world.shapes import length

Rng = np.random.Generator
GRASS, PATH, POND = 0, 1, 2
GROUND = ("grass", "path", "pond")
_ONE = np.float32(1)


@dataclass(frozen=True)
class Ground:
    """A picture of bare ground, float32 (n, n, 3), and what is where, uint8 (n, n)."""

    picture: np.ndarray
    kinds: np.ndarray


def noise(rng: Rng, size: int, rows: float, columns: float) -> np.ndarray:
    """Return smooth random hills, float32 (size, size) in [0, 1).

    A grid of random heights, `rows` by `columns` cells over the picture, is joined by
    the polynomial 3t² − 2t³.
    """
    heights = rng.random((int(rows) + 2, int(columns) + 2), dtype=np.float32)
    i, u = _cells(size, rows)
    j, v = _cells(size, columns)
    upper = heights[i] + u[:, None] * (heights[i + 1] - heights[i])
    return upper[:, j] + v * (upper[:, j + 1] - upper[:, j])


def _cells(size: int, count: float) -> tuple[np.ndarray, np.ndarray]:
    place = np.arange(size, dtype=np.float32) * np.float32(count / size)
    cell = place.astype(np.int64)
    t = place - cell.astype(np.float32)
    return cell, t * t * (3 - 2 * t)


def pebbles(rng: Rng, size: int, cells: int, share: float) -> np.ndarray:
    """Return how far each pixel is inside of a random pebble: 1 at its center, ≤ 0 out.

    Each cell of a grid has a pebble with the probability `share`.
    """
    center = 0.35 + 0.3 * rng.random((2, cells, cells), dtype=np.float32)
    radius = 0.14 + 0.18 * rng.random((cells, cells), dtype=np.float32)
    there = rng.random((cells, cells), dtype=np.float32) < share
    place = np.arange(size, dtype=np.float32) * np.float32(cells / size)
    cell = place.astype(np.int64)
    t = place - cell.astype(np.float32)
    i, j = cell[:, None], cell[None, :]
    away = length(t[None, :] - center[1][i, j], t[:, None] - center[0][i, j])
    return np.where(there[i, j], _ONE - away / radius[i, j], -_ONE)


def ground(rng: Rng, size: int) -> Ground:
    """Draw a meadow, mostly with a winding path, a pond, or both."""
    hills = noise(rng, size, 1.7, 1.7) + np.float32(0.2) * noise(rng, size, 4, 4)
    winding = noise(rng, size, 1.6, 1.6) + np.float32(0.12) * noise(rng, size, 6, 6)
    level = between(rng, 0.68, 0.9) if rng.random() < 0.85 else 9.0
    wide = between(rng, 0.05, 0.09) if rng.random() < 0.8 else -9.0
    depth = hills - np.float32(level)
    pond = _inside(depth)
    path = _inside(np.float32(wide) - np.abs(winding - np.float32(0.56)))
    picture = _grass(rng, size)
    _blend(picture, _path(rng, size), path)
    _blend(picture, picture * np.float32(0.7), _inside(depth, np.float32(size / 40)))
    _blend(picture, _pond(rng, size, depth), pond)
    kinds = np.full((size, size), GRASS, np.uint8)
    kinds[path > np.float32(0.5)] = PATH
    kinds[pond > np.float32(0.5)] = POND
    return Ground(picture, kinds)


def _inside(height: np.ndarray, margin: float = 0.0) -> np.ndarray:
    """Return how much of a pixel is where `height` > 0, or `margin` pixels near it."""
    dy = height[2:, 1:-1] - height[:-2, 1:-1]
    dx = height[1:-1, 2:] - height[1:-1, :-2]
    slope = np.pad(length(dx, dy), 1, mode="edge") * np.float32(0.5)
    # Where the hills are flat the edge would be a haze, or everywhere.
    away = height / np.maximum(slope, np.float32(0.5 / len(height)))
    return np.clip(away + np.float32(margin) + np.float32(0.5), 0, 1)


def _blend(picture: np.ndarray, other: np.ndarray, share: np.ndarray) -> None:
    picture += share[..., None] * (other - picture)


def _grass(rng: Rng, size: int) -> np.ndarray:
    hue = between(rng, 0.23, 0.31)
    color = hsv(hue, between(rng, 0.5, 0.62), between(rng, 0.6, 0.72))
    blades = noise(rng, size, size / 6, size / 1.8) - np.float32(0.5)
    meadow = noise(rng, size, 4, 4) - np.float32(0.5)
    light = _ONE + np.float32(0.26) * blades + np.float32(0.3) * meadow
    picture = color * light[..., None]
    daisies = pebbles(rng, size, size // 8, 0.06)
    _blend(picture, np.broadcast_to(WHITE, picture.shape), _spots(daisies, 1.2))
    return picture


def _path(rng: Rng, size: int) -> np.ndarray:
    sand = hsv(between(rng, 0.085, 0.115), between(rng, 0.28, 0.4), 0.86)
    grain = rng.random((size, size), dtype=np.float32) - np.float32(0.5)
    soft = noise(rng, size, 8, 8) - np.float32(0.5)
    light = _ONE + np.float32(0.1) * grain + np.float32(0.14) * soft
    picture = sand * light[..., None]
    stones = pebbles(rng, size, size // 7, 0.5)
    stone = mix(sand, WHITE, 0.3) * np.float32(0.86)
    _blend(picture, picture * np.float32(0.8), _spots(np.roll(stones, 1, 0), 3))
    _blend(picture, np.broadcast_to(stone, picture.shape), _spots(stones, 3))
    return picture


def _pond(rng: Rng, size: int, depth: np.ndarray) -> np.ndarray:
    water = hsv(between(rng, 0.52, 0.58), between(rng, 0.45, 0.6), 0.86)
    deep = np.clip(depth * 2, 0, 1) * np.float32(0.3)
    rows = np.arange(size, dtype=np.float32)[:, None] / np.float32(size)
    sway = noise(rng, size, 5, 3)
    waves = sine(rows * np.float32(7) + sway * np.float32(1.6))
    shine = np.clip((waves - np.float32(0.86)) * 7, 0, 1) * np.float32(0.35)
    picture = water * (_ONE - deep)[..., None]
    _blend(picture, np.broadcast_to(WHITE, picture.shape), shine)
    return picture


def _spots(inside: np.ndarray, sharp: float) -> np.ndarray:
    return np.clip(inside * np.float32(sharp), 0, 1)
