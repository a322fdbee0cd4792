"""What moves: butterfly, ladybug, snail, fish, bee, caterpillar."""

from __future__ import annotations

import numpy as np

from insidetf.data.world.exact import between, hsv, mix, one_of, sine
from insidetf.data.world.pen import INK, WHITE, Pen
from insidetf.data.world.shapes import disc, ellipse, ring, stripes, stroke, union

Rng = np.random.Generator


def _mirror(pen: Pen) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates that draw each shape on both sides of the thing."""
    return np.abs(pen.at[0]), pen.at[1]


def butterfly(pen: Pen, rng: Rng) -> None:
    """Paint four wings with spots, a dark body, and two feelers."""
    hue = between(rng, 0.0, 1.0)
    color = hsv(hue, between(rng, 0.6, 0.85), between(rng, 0.88, 1.0))
    spot = hsv(hue + between(rng, 0.3, 0.7), 0.45, 1.0)
    sides = _mirror(pen)
    pen.draw(ellipse(sides, 0.38, 0.42, 0.4, 0.3, 0.12), color, edge=0.25)
    pen.draw(ellipse(sides, 0.5, -0.3, 0.54, 0.38, -0.11), color, edge=0.25)
    pen.fill(ellipse(sides, 0.62, -0.38, 0.2, 0.16, -0.11), spot)
    pen.fill(ellipse(sides, 0.45, 0.48, 0.14, 0.11, 0.12), spot)
    pen.fill(stroke(sides, (0.02, -0.45), (0.26, -0.86), max(0.03, pen.line)), INK)
    pen.fill(stroke(pen.at, (0.0, -0.35), (0.0, 0.5), 0.09), INK)
    pen.fill(disc(pen.at, 0, -0.44, 0.13), INK)


def ladybug(pen: Pen, rng: Rng) -> None:
    """Paint round wing covers with spots, a head with two eyes, and six legs."""
    hue = one_of(rng, (0.99, 0.0, 0.02, 0.07))
    color = hsv(hue, between(rng, 0.82, 0.92), between(rng, 0.86, 0.96))
    sides = _mirror(pen)
    for y, rise in ((-0.28, -0.16), (0.15, 0.0), (0.55, 0.16)):
        pen.fill(stroke(sides, (0.5, y), (0.98, y + rise), 0.065), INK)
    pen.fill(ellipse(pen.at, 0, -0.6, 0.46, 0.38), INK)
    shell = ellipse(pen.at, 0, 0.12, 0.78, 0.82)
    pen.draw(shell, color, edge=0.3)
    middle = np.abs(pen.at[0]) - np.float32(max(0.045, pen.line))
    pen.fill(np.maximum(middle, shell), INK)
    spots = ((0.4, -0.16), (0.36, 0.42), (0.2, 0.74), (0.58, 0.14))
    for x, y in spots[: int(rng.integers(2, 5))]:
        spot = disc(sides, x, y + between(rng, -0.04, 0.04), 0.14)
        pen.fill(np.maximum(spot, shell), INK)
    pen.fill(disc(sides, 0.21, -0.7, 0.1), WHITE)


def snail(pen: Pen, rng: Rng) -> None:
    """Paint a shell with its spiral on a body with two eyes on stalks."""
    body = hsv(between(rng, 0.09, 0.14), between(rng, 0.3, 0.45), 0.92)
    hue = one_of(rng, (0.02, 0.05, 0.08, 0.92))
    shell = hsv(hue, between(rng, 0.5, 0.7), between(rng, 0.68, 0.86))
    foot = union(
        stroke(pen.at, (-0.86, 0.7), (0.66, 0.68), 0.17),
        stroke(pen.at, (0.68, 0.66), (0.82, 0.1), 0.15),
        stroke(pen.at, (0.78, 0.08), (0.66, -0.32), max(0.04, 1.2 * pen.line)),
        stroke(pen.at, (0.86, 0.08), (0.98, -0.28), max(0.04, 1.2 * pen.line)),
    )
    pen.draw(foot, body)
    pen.fill(
        union(disc(pen.at, 0.65, -0.35, 0.09), disc(pen.at, 0.99, -0.31, 0.09)), INK
    )
    pen.draw(disc(pen.at, -0.14, 0.05, 0.62), shell, edge=0.35)
    y = pen.at[1] - np.float32(0.05)
    turns = []
    for k, radius in enumerate((0.5, 0.38, 0.26, 0.14)):
        shift = -0.14 + (0.06 if k % 2 else -0.0)
        half = np.maximum(ring(pen.at, shift, 0.05, radius, 0.05), y if k % 2 else -y)
        turns.append(half)
    pen.fill(union(*turns), shell * np.float32(0.45))


def fish(pen: Pen, rng: Rng) -> None:
    """Paint a pond fish with pale patches, tail, fin, and an eye."""
    hue = one_of(rng, (0.02, 0.05, 0.08, 0.12))
    color = hsv(hue, between(rng, 0.8, 0.92), between(rng, 0.95, 1.0))
    fin = mix(color, WHITE, 0.35)
    tail = union(
        ellipse(pen.at, -0.74, -0.24, 0.36, 0.17, 0.1),
        ellipse(pen.at, -0.74, 0.24, 0.36, 0.17, -0.1),
    )
    pen.draw(union(tail, ellipse(pen.at, 0.05, -0.42, 0.34, 0.2, 0.03)), fin)
    body = ellipse(pen.at, 0.15, 0.0, 0.78, 0.46)
    pen.draw(body, color)
    for x in (-0.3, 0.12)[: int(rng.integers(1, 3))]:
        band = ellipse(pen.at, x + between(rng, -0.05, 0.05), -0.1, 0.15, 0.5)
        pen.fill(np.maximum(band, body + np.float32(0.03)), WHITE)
    pen.draw(ellipse(pen.at, 0.12, 0.2, 0.22, 0.11, 0.08), fin)
    pen.fill(disc(pen.at, 0.6, -0.1, 0.15), WHITE)
    pen.fill(disc(pen.at, 0.63, -0.1, 0.095), INK)


def bee(pen: Pen, rng: Rng) -> None:
    """Paint a striped body, two pale wings, a dark head, and feelers."""
    yellow = hsv(between(rng, 0.115, 0.14), 0.88, between(rng, 0.95, 1.0))
    glass = hsv(0.55, 0.16, 1.0)
    sides = _mirror(pen)
    pen.draw(ellipse(sides, 0.56, 0.12, 0.42, 0.22, 0.06), glass, edge=0.5)
    pen.draw(ellipse(sides, 0.6, -0.2, 0.46, 0.26, -0.07), glass, edge=0.5)
    pen.fill(stroke(pen.at, (0.0, 0.8), (0.0, 1.02), 0.05), INK)
    body = ellipse(pen.at, 0, 0.22, 0.44, 0.7)
    pen.draw(body, yellow, edge=0.2)
    bands = stripes(pen.at[1] - np.float32(between(rng, 0.0, 0.1)), 0.38, 0.095)
    pen.fill(np.maximum(bands, body), INK)
    pen.fill(stroke(sides, (0.1, -0.7), (0.26, -0.98), max(0.04, pen.line)), INK)
    pen.fill(disc(pen.at, 0, -0.54, 0.29), INK)
    pen.fill(disc(sides, 0.13, -0.62, 0.08), WHITE)


def caterpillar(pen: Pen, rng: Rng) -> None:
    """Paint five beads in a wave, the first with a face and two feelers."""
    color = hsv(
        between(rng, 0.2, 0.34), between(rng, 0.6, 0.8), between(rng, 0.8, 0.95)
    )
    wave = between(rng, 0.0, 1.0)
    beads = [(-0.74 + 0.33 * k, 0.2 * float(sine(wave + 0.2 * k))) for k in range(5)]
    for x, y in beads[:-1]:
        pen.fill(stroke(pen.at, (x, y + 0.2), (x + 0.03, y + 0.4), 0.06), INK)
    for k, (x, y) in enumerate(beads[:-1]):
        pale = mix(color, WHITE, 0.3) if k % 2 else color
        pen.draw(disc(pen.at, x, y, 0.26), pale)
    x, y = beads[-1][0] + 0.06, beads[-1][1] - 0.1
    for lean in (-0.08, 0.16):
        end = (x + lean, y - 0.56)
        pen.fill(
            stroke(pen.at, (x + lean / 2, y - 0.2), end, max(0.035, pen.line)), INK
        )
        pen.fill(disc(pen.at, *end, 0.07), INK)
    pen.draw(disc(pen.at, x, y, 0.33), hsv(0.03, 0.65, 0.9))
    pen.fill(
        union(disc(pen.at, x, y - 0.06, 0.07), disc(pen.at, x + 0.2, y - 0.06, 0.07)),
        INK,
    )
