"""What grows: flower, mushroom, leaf, apple, and the lily pads of ponds."""

from __future__ import annotations

import numpy as np

from insidetf.data.world.exact import between, cosine, hsv, mix, one_of, sine
from insidetf.data.world.pen import INK, WHITE, Pen
from insidetf.data.world.shapes import disc, ellipse, moved, stroke, turned, union

Rng = np.random.Generator


def flower(pen: Pen, rng: Rng) -> None:
    """Paint five to eight petals around a yellow heart."""
    count = int(rng.integers(5, 9))
    hue = one_of(rng, (0.93, 0.86, 0.77, 0.62, 0.0, 0.04)) + between(rng, -0.02, 0.02)
    color = hsv(hue, one_of(rng, (0.3, 0.6, 0.8)), between(rng, 0.92, 1.0))
    wide = 1.75 / count
    for k in range(count):
        petal = turned(pen.at, k / count)
        pen.draw(ellipse(petal, 0.58, 0.0, 0.4, wide), color, edge=0.55)
        pen.fill(
            stroke(petal, (0.3, 0.0), (0.62, 0.0), 0.035), color * np.float32(0.75)
        )
    heart = hsv(between(rng, 0.11, 0.15), 0.85, 0.98)
    pen.draw(disc(pen.at, 0, 0, 0.27), heart, edge=0.6)
    pen.fill(disc(pen.at, 0.03, 0.03, 0.12), mix(heart, INK, 0.45))


def mushroom(pen: Pen, rng: Rng) -> None:
    """Paint a cap with pale dots on a stem."""
    color = hsv(one_of(rng, (0.99, 0.02, 0.06, 0.08)), between(rng, 0.7, 0.9), 0.88)
    cream = hsv(0.11, between(rng, 0.1, 0.22), 0.96)
    foot = between(rng, -0.08, 0.08)
    stem = between(rng, 0.2, 0.27)
    pen.draw(
        union(
            stroke(pen.at, (0.0, 0.0), (foot, 0.7), stem),
            ellipse(pen.at, foot, 0.76, stem + 0.1, 0.18),
        ),
        cream,
    )
    pen.fill(ellipse(pen.at, 0.0, 0.22, stem, 0.12), cream * np.float32(0.72))
    high = between(rng, 0.85, 1.05)
    dome = ellipse(pen.at, 0.0, 0.1, 0.96, high)
    cap = np.maximum(dome, pen.at[1] - np.float32(0.14))
    pen.draw(cap, color)
    dots = ((0.0, 0.62), (-0.52, 0.34), (0.5, 0.32), (-0.16, 0.22), (0.26, 0.12))
    for x, y in dots[: int(rng.integers(3, 6))]:
        x, y = x + between(rng, -0.06, 0.06), 0.1 - high * y
        dot = disc(pen.at, x, y, between(rng, 0.1, 0.16))
        pen.fill(np.maximum(dot, cap + np.float32(0.05)), WHITE)


def leaf(pen: Pen, rng: Rng) -> None:
    """Paint an autumn leaf with its veins."""
    hue = one_of(rng, (0.02, 0.06, 0.1, 0.13, 0.25))
    color = hsv(hue + between(rng, -0.015, 0.015), 0.82, between(rng, 0.72, 0.92))
    dark = color * np.float32(0.58)
    wide = between(rng, 0.46, 0.62)
    radius = (1 + wide * wide) / (2 * wide)
    away = radius - wide
    blade = np.maximum(disc(pen.at, away, 0, radius), disc(pen.at, -away, 0, radius))
    pen.fill(stroke(pen.at, (0.0, 0.8), (between(rng, -0.2, 0.2), 1.12), 0.06), dark)
    pen.draw(blade, color)
    x, y = pen.at
    sides = np.abs(x)
    veins = [stroke(pen.at, (0.0, -0.75), (0.0, 0.85), 0.04)]
    for foot in (-0.35, 0.0, 0.35, 0.65):
        veins.append(stroke((sides, y), (0.0, foot), (0.5, foot - 0.36), 0.03))
    pen.fill(np.maximum(union(*veins), blade + np.float32(0.06)), dark)


def apple(pen: Pen, rng: Rng) -> None:
    """Paint an apple with stem, leaf, and a shine."""
    hue = one_of(rng, (0.98, 0.0, 0.14, 0.26))
    color = hsv(hue + between(rng, -0.01, 0.01), 0.8, between(rng, 0.8, 0.93))
    x, y = pen.at
    sides = (np.abs(x), y)
    stem = (between(rng, -0.06, 0.12), -0.86)
    pen.draw(stroke(pen.at, (0.0, -0.3), stem, 0.05), hsv(0.08, 0.6, 0.45))
    pen.draw(ellipse(pen.at, 0.38, -0.68, 0.32, 0.15, -0.07), hsv(0.3, 0.7, 0.66))
    halves = union(disc(sides, 0.3, 0.1, 0.56), ellipse(sides, 0.2, 0.36, 0.5, 0.55))
    pen.draw(halves, color)
    pen.fill(ellipse(pen.at, 0.0, -0.4, 0.2, 0.07), color * np.float32(0.6))
    pen.fill(ellipse(pen.at, -0.42, -0.08, 0.1, 0.2, 0.06), mix(color, WHITE, 0.7))


def lily(pen: Pen, rng: Rng) -> None:
    """Paint a lily pad with its blossom, which belongs to the pond and has no label."""
    pad = disc(pen.at, 0, 0, 0.9)
    gap = between(rng, 0.0, 1.0)
    u, v = turned(pen.at, gap)
    wedge = np.abs(v) - np.float32(0.45) * u
    pen.draw(np.maximum(pad, -wedge), hsv(between(rng, 0.3, 0.36), 0.6, 0.55))
    if rng.random() < 0.5:
        away = moved(pen.at, 0.3 * cosine(gap + 0.5), 0.3 * sine(gap + 0.5))
        for k in range(5):
            petal = turned(away, k / 5)
            pen.fill(ellipse(petal, 0.22, 0.0, 0.2, 0.13), hsv(0.92, 0.25, 1.0))
        pen.fill(disc(away, 0, 0, 0.12), hsv(0.13, 0.8, 1.0))
