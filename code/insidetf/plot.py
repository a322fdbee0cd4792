"""Figures: one set of colors and styles for the book, and graphs in reading order.

Figures have no background of their own. Every color of the cycle can be told from white
and from the near-black of the dark theme, carries white text, and differs from the
others for readers with a color-vision deficiency (tests/test_plot.py measures that).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path

from insidetf.layout import LANE, Edge, layered

BLUE, ORANGE, GREEN, PURPLE = "#0d59eb", "#b35f0f", "#028650", "#8a5895"
COLORS = (BLUE, ORANGE, GREEN, PURPLE)
INK = "#7a7a7a"  # text and lines that belong to no series
LAYER = 0.66  # the height of one layer of a drawn graph, in inches
HALF_BOX = 0.22  # half the height of a box, in layers


@dataclass(frozen=True)
class Node:
    """A box in a drawn graph: its text, its kind, and a small note beside it."""

    label: str
    kind: str = "op"
    note: str = ""


# Kind of a node -> fill, outline, shape: never color alone.
_STYLES: dict[str, tuple[str, str, str]] = {
    "op": (BLUE, BLUE, "round,pad=0.3,rounding_size=0.15"),
    "source": (GREEN, GREEN, "round,pad=0.35,rounding_size=0.9"),
    "marked": (ORANGE, ORANGE, "square,pad=0.4"),
    "call": (PURPLE, PURPLE, "round4,pad=0.45"),
    "faded": ("none", INK, "round,pad=0.3,rounding_size=0.15"),
}


def use_book_style() -> None:
    """Set Matplotlib's defaults for the figures of the book."""
    plt.rcParams.update(
        {
            "axes.edgecolor": INK,
            "axes.facecolor": "none",
            "axes.labelcolor": INK,
            "axes.prop_cycle": cycler(color=COLORS)
            + cycler(linestyle=("-", "--", "-.", ":")),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlecolor": INK,
            "figure.dpi": 100,
            "figure.facecolor": "none",
            "figure.figsize": (6.0, 3.2),
            "font.size": 11,
            "grid.color": INK,
            "legend.frameon": False,
            "legend.labelcolor": INK,
            "lines.linewidth": 2.0,
            "savefig.facecolor": "none",
            "savefig.transparent": True,
            "svg.hashsalt": "inside-tensorflow",
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
        }
    )
    _use_vector_images()


def _use_vector_images() -> None:
    """Have notebooks show figures as SVG, sharp at every width."""
    try:
        from matplotlib_inline.backend_inline import set_matplotlib_formats
    except ImportError:  # outside a notebook nobody displays a figure by itself
        return
    set_matplotlib_formats("svg")


def draw_dag(
    nodes: Mapping[Hashable, Node],
    edges: Iterable[Edge],
    *,
    dashed: Iterable[Edge] = (),
) -> Figure:
    """Draw boxes and arrows from top to bottom, in reading order.

    `dashed` arrows are drawn, too, and mean order instead of data.
    """
    edges, dashed = list(edges), list(dashed)
    widths = {name: _width(node) for name, node in nodes.items()}
    layout = layered(widths, [*edges, *dashed])
    # An arrow may pass outside of all boxes.
    passed = [(x, LANE) for route in layout.route.values() for x, _ in route]
    spans = [*passed, *((x, widths[n]) for n, (x, _) in layout.place.items())]
    left = min((x - width / 2 for x, width in spans), default=0)
    right = max((x + width / 2 for x, width in spans), default=1)
    depth = max((y for _, y in layout.place.values()), default=0)
    figure = plt.figure(figsize=(right - left + 0.2, LAYER * (depth + 1)))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_xlim(left - 0.1, right + 0.1)
    ax.set_ylim(-depth - 0.5, 0.5)
    ax.axis("off")
    for name, node in nodes.items():
        _draw_box(ax, layout.place[name], node)
    for arrows, style in ((edges, "-"), (dashed, ":")):
        for edge in arrows:
            _draw_arrow(ax, layout.route[edge], style)
    return figure


def draw_table(
    rows: Sequence[str],
    columns: Sequence[str],
    boxes: Mapping[tuple[str, str], Node],
    *,
    width: float = 1.1,
) -> Figure:
    """Draw a table of boxes, by row and column; a place without a box stays empty.

    `width` is that of a column, in inches. A column's name may have several lines.
    """
    margin = 0.2 + 0.1 * max(map(len, rows))
    head = 0.25 * max(column.count("\n") + 1 for column in columns)
    size = (margin + width * len(columns), head + 0.42 * len(rows) + 0.1)
    figure = plt.figure(figsize=size)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_xlim(-margin, width * len(columns))
    ax.set_ylim(-0.42 * len(rows) - 0.1, head)
    ax.axis("off")
    for i, row in enumerate(rows):
        ax.text(-0.1, -0.42 * (i + 0.5), row, ha="right", va="center", size=12)
    for j, column in enumerate(columns):
        place = ((j + 0.5) * width, 0.05)
        ax.text(*place, column, ha="center", va="bottom", size=12)
    for (row, column), node in boxes.items():
        i, j = rows.index(row), columns.index(column)
        _draw_box(ax, ((j + 0.5) * width, 0.42 * (i + 0.5)), node)
    return figure


def _width(node: Node) -> float:
    # Measured on the font's letters at 12 points; a note hangs on both sides of the
    # center, so that the box stays in the middle of its place.
    label = max(len(line) for line in node.label.split("\n"))
    return 0.25 + 0.1 * label + 2 * (0.1 * len(node.note) + 0.1 * bool(node.note))


def _draw_box(ax: Axes, place: tuple[float, float], node: Node) -> None:
    x, y = place[0], -place[1]
    fill, outline, shape = _STYLES[node.kind]
    box = {"boxstyle": shape, "fc": fill, "ec": outline, "lw": 1.3}
    box["ls"] = "--" if fill == "none" else "-"
    color = INK if fill == "none" else "white"
    middle = {"ha": "center", "va": "center", "size": 12}
    label = f" {node.label} " if len(node.label) < 3 else node.label
    text = ax.text(x, y, label, color=color, bbox=box, **middle)
    if node.note:
        after = {"xycoords": text.get_bbox_patch(), "textcoords": "offset points"}
        ax.annotate(node.note, (1, 0.5), (5, 0), va="center", size=12, **after)


def _draw_arrow(ax: Axes, points: list[tuple[float, int]], style: str) -> None:
    """Draw an arrow from box to box, in a curve through the points between."""
    stops = [(x, -y) for x, y in points]
    stops[0] = (stops[0][0], stops[0][1] - HALF_BOX)
    stops[-1] = (stops[-1][0], stops[-1][1] + HALF_BOX)
    vertices = [stops[0]]
    for (x0, y0), (x1, y1) in pairwise(stops):
        # Leave and arrive vertically, so that the pieces join without a corner.
        vertices += [(x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2), (x1, y1)]
    codes = [Path.MOVETO] + [Path.CURVE4] * (len(vertices) - 1)
    arrow = FancyArrowPatch(
        path=Path(vertices, codes),
        arrowstyle="-|>",
        mutation_scale=11,
        color=INK,
        linewidth=1.3,
        linestyle=style,
        zorder=0,
    )
    ax.add_patch(arrow)


def draw_grid(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Mapping[str, str]]
) -> Figure:
    """Draw a table of short texts, equal names in equal colors.

    `values` holds a mapping from row to text for each column; where it lacks a row the
    place stays empty. A text of more than two letters is no name: its box is dashed.
    """
    texts = {text: None for column in values for text in column.values()}
    names = [text for text in texts if len(text) < 3]
    colors = dict(zip(names, cycle(COLORS), strict=False))
    width, height = 1.5 + 0.9 * len(columns), 1.4 + 0.45 * len(rows)
    figure, ax = plt.subplots(figsize=(width, height))
    for x, column in enumerate(values):
        for row, text in column.items():
            _draw_cell(ax, (x, -rows.index(row)), text, colors.get(text))
    ax.set(xlim=(-0.6, len(columns) - 0.4), ylim=(0.5 - len(rows), 0.5))
    ax.set_yticks([-n for n in range(len(rows))], rows)
    ax.set_xticks(range(len(columns)), columns, rotation=30, ha="left")
    ax.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    ax.spines[:].set_visible(False)
    return figure


def _draw_cell(ax: Axes, at: tuple[float, float], text: str, color: str | None) -> None:
    box = {"boxstyle": "round,pad=0.3", "fc": color or "none", "ec": color or INK}
    box["ls"] = "-" if color else "--"
    ink = "white" if color else INK
    ax.text(*at, f" {text} ", color=ink, bbox=box, ha="center", va="center")
