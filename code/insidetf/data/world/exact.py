"""Arithmetic that gives the same bytes on every machine.

The world is drawn with +, −, ·, /, square root, minimum, and maximum alone, each of
which IEEE 754 rounds in one way. Sine, cosine, and matrix products are left out:
libraries and processors round those differently, and one pixel in a million would
differ. Random numbers are the raw ones of PCG64; their scaling happens here.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

Number = TypeVar("Number", float, np.ndarray)
T = TypeVar("T")

_TWO_PI = 6.283185307179586


def sine(turns: Number) -> Number:
    """Return the sine of an angle in turns, to 5 digits, by a polynomial.

    >>> [round(float(sine(t)), 4) for t in (0.0, 1 / 12, 0.25, 0.5, 0.75, 1.25)]
    [0.0, 0.5, 1.0, 0.0, -1.0, 1.0]
    """
    turns = turns - np.floor(turns + 0.5)  # within half a turn of 0
    turns = np.minimum(np.maximum(turns, -0.5 - turns), 0.5 - turns)  # and a quarter
    a = turns * _TWO_PI
    s = a * a
    return a * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110)))))


def cosine(turns: Number) -> Number:
    """Return the cosine of an angle in turns."""
    return sine(turns + 0.25)


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number from [low, high)."""
    return low + (high - low) * rng.random()


def one_of(rng: np.random.Generator, options: tuple[T, ...]) -> T:
    """Draw one of some options."""
    return options[int(rng.integers(len(options)))]


def hsv(hue: float, saturation: float, value: float) -> np.ndarray:
    """Return a color as float32 (3,), red, green, and blue; hue 0 and 1 are red.

    >>> hsv(1 / 3, 1.0, 1.0).tolist()
    [0.0, 1.0, 0.0]
    """
    corners = [(hue * 6 + shift) % 6 for shift in (5, 3, 1)]
    slopes = [max(0.0, min(k, 4 - k, 1.0)) for k in corners]
    return np.array([value - value * saturation * k for k in slopes], np.float32)


def mix(color: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """Return `color` with a share of the `other` one."""
    return color + np.float32(share) * (other - color)
