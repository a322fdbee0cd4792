"""A house as a table: what it needs to be heated in January and cooled in July.

The formula is a month's balance of a one-zone building. With the floor area A in m²,
the number of storeys n, the height of a storey h, and the footprint's aspect a:

    footprint f = A / n, walls W = 2 (a + 1) sqrt(f / a) n h, windows G = share · W
    losses L = U_wall (W − G) + U_window G + U_roof f + 0.33 · changes · A h   [W/K]
    sun S(month) = 0.6 · G · irradiation(month, orientation)                 [kWh]
    people and devices P = gains · A · hours                                  [kWh]
    heating = soft(L · 20 K · hours − 0.9 (S(January) + P)) / A            [kWh/m²]
    cooling = soft(S(July) + P − L · 3 K · hours) / A                      [kWh/m²]

with 744 hours a month, 0.33 Wh/(m³ K) for air, and soft(q) = A log(1 + exp(q / A)), a
maximum of q and 0 with a rounded corner. A house needs 3 % more or less than computed.
It is modeled after the table of Tsanas and Xifara (2012), which the local set replaces.
"""

from __future__ import annotations

import numpy as np

ENERGY_FEATURES = (
    "floor area [m²]",
    "storeys",
    "storey height [m]",
    "aspect of the footprint",
    "window share of the walls",
    "windows face (0 south, 1 east, 2 west, 3 north)",
    "U of walls [W/(m² K)]",
    "U of roof [W/(m² K)]",
    "air changes per hour",
    "gains of people and devices [W/m²]",
)
HOURS = 744  # of a month of 31 days
U_WINDOW = 1.3  # W/(m² K), double glazing
# kWh on a square meter of vertical window, by orientation, as in Central Europe.
JANUARY = np.array([45.0, 20.0, 20.0, 11.0])
JULY = np.array([85.0, 105.0, 105.0, 55.0])
_LOW = (60, 1, 2.4, 1.0, 0.05, 0, 0.12, 0.10, 0.2, 2.0)
_HIGH = (240, 4, 3.2, 2.5, 0.40, 4, 0.90, 0.60, 1.0, 7.0)


def houses(count: int, seed: int) -> np.ndarray:
    """Draw houses at random: float64 (count, 10), columns as in ENERGY_FEATURES."""
    x = np.random.default_rng(seed).random((count, len(_LOW)))
    x = np.array(_LOW) + x * (np.array(_HIGH) - np.array(_LOW))
    x[:, [1, 5]] = np.floor(x[:, [1, 5]])
    return x


def loads(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return heating and cooling by the formula, kWh per m² and month, no noise.

    >>> heating, cooling = loads(houses(4, seed=0))
    >>> heating.shape, bool((heating > 0).all() and (cooling > 0).all())
    ((4,), True)
    """
    area, storeys, height, aspect, share, face, u_wall, u_roof, changes, gains = x.T
    footprint = area / storeys
    walls = 2 * (aspect + 1) * np.sqrt(footprint / aspect) * storeys * height
    windows = share * walls
    losses = u_wall * (walls - windows) + U_WINDOW * windows + u_roof * footprint
    losses += 0.33 * changes * area * height
    devices = gains * area * HOURS / 1000
    sun = [0.6 * windows * month[face.astype(int)] for month in (JANUARY, JULY)]
    heating = losses * 20 * HOURS / 1000 - 0.9 * (sun[0] + devices)
    cooling = sun[1] + devices - losses * 3 * HOURS / 1000
    return np.logaddexp(0, heating / area), np.logaddexp(0, cooling / area)


def measured(count: int, seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return houses and their two loads: the formula's, give or take 3 %."""
    x = houses(count, seed)
    noise = 1 + 0.03 * np.random.default_rng([seed, 1]).standard_normal((2, count))
    heating, cooling = (load * noise[i] for i, load in enumerate(loads(x)))
    targets = {"heating": heating, "cooling": cooling}
    return x, {name: y.astype(np.float32) for name, y in targets.items()}
