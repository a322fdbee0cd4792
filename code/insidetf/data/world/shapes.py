"""Shapes as signed distances: negative inside, in the unit of the coordinates.

A point grid `at` is a pair of float32 arrays (x, y); y grows downward. Shapes are
joined with `np.minimum` and cut with `np.maximum`.
"""

from __future__ import annotations

import numpy as np

from insidetf.data.world.exact import cosine, sine

Points = tuple[np.ndarray, np.ndarray]


def length(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the distance from the origin."""
    return np.sqrt(x * x + y * y)


def turned(at: Points, turns: float) -> Points:
    """Return the coordinates of the points in a frame turned clockwise."""
    c, s = np.float32(cosine(turns)), np.float32(sine(turns))
    x, y = at
    return c * x + s * y, c * y - s * x


def moved(at: Points, x: float, y: float) -> Points:
    """Return the coordinates of the points in a frame with its origin at (x, y)."""
    return at[0] - np.float32(x), at[1] - np.float32(y)


def disc(at: Points, x: float, y: float, radius: float) -> np.ndarray:
    """Return the distance from a disc."""
    return length(*moved(at, x, y)) - np.float32(radius)


def ellipse(
    at: Points, x: float, y: float, a: float, b: float, turns: float = 0.0
) -> np.ndarray:
    """Return the distance from an ellipse, to first order near its edge."""
    u, v = turned(moved(at, x, y), turns)
    a, b = np.float32(a), np.float32(b)
    k = np.maximum(length(u / a, v / b), np.float32(1e-3))
    slope = length(u / (a * a), v / (b * b))
    return k * (k - 1) / np.maximum(slope, np.float32(1e-3) / np.maximum(a, b))


def stroke(
    at: Points, start: tuple[float, float], end: tuple[float, float], width: float
) -> np.ndarray:
    """Return the distance from a line with round ends; `width` is half its width."""
    x, y = moved(at, *start)
    dx, dy = np.float32(end[0] - start[0]), np.float32(end[1] - start[1])
    along = np.clip((x * dx + y * dy) / (dx * dx + dy * dy), 0, 1)
    return length(x - along * dx, y - along * dy) - np.float32(width)


def ring(at: Points, x: float, y: float, radius: float, width: float) -> np.ndarray:
    """Return the distance from a circle's line; `width` is half its width."""
    return np.abs(disc(at, x, y, radius)) - np.float32(width)


def stripes(at: np.ndarray, period: float, width: float) -> np.ndarray:
    """Return the distance from parallel stripes across one coordinate."""
    phase = at / np.float32(period)
    away = np.abs(phase - np.floor(phase + np.float32(0.5))) * np.float32(period)
    return away - np.float32(width)


def union(*distances: np.ndarray) -> np.ndarray:
    """Return the distance from shapes joined."""
    return np.minimum.reduce(distances)
