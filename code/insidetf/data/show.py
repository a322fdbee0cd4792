"""Pictures of pictures: a labeled grid, and a scene with what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from insidetf.data.world.kinds import CLASSES, SCENE_NAMES
from insidetf.plot import INK

WIDTH = 7.0  # inches of a figure that fills the book's column
# Told apart by their lightness, too; ground first, in the order of CLASSES.
_CLASS_COLORS = np.array(
    [
        *((0.55, 0.72, 0.42), (0.90, 0.80, 0.62), (0.45, 0.66, 0.90)),
        *((0.85, 0.20, 0.55), (0.55, 0.12, 0.10), (0.42, 0.25, 0.75)),
        *((0.08, 0.08, 0.10), (0.96, 0.88, 0.30), (0.98, 0.50, 0.10)),
    ]
)


def grid(
    images: Any, titles: Sequence[object] | None = None, *, columns: int = 8
) -> Figure:
    """Show pictures in rows, each below its title.

    Args:
        images: (n, h, w, 1) ink in [0, 1], or (n, h, w, 3) uint8, or in [0, 1].
        titles: n texts, or what has one.
        columns: pictures of a row.
    """
    images = np.asarray(images)
    rows = -(-len(images) // columns)
    side = WIDTH / columns
    tall = side * images.shape[1] / images.shape[2] + (
        0.24 if titles is not None else 0
    )
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, rows * tall + 0.1), squeeze=False
    )
    for ax in axes.flat:
        ax.axis("off")
    for k, image in enumerate(images):
        _show(axes.flat[k], image)
        if titles is not None:
            axes.flat[k].set_title(str(titles[k]), size=9, pad=2)
    figure.tight_layout(pad=0.2)
    return figure


def scenes(
    images: Any,
    truth: Mapping[str, Any],
    *,
    names: Sequence[str] = SCENE_NAMES,
    columns: int = 4,
) -> Figure:
    """Show scenes with their boxes, and below them with their segmentation.

    Args:
        images: (n, h, w, 3) uint8, x of a batch of `garden`.
        truth: the y of that batch: "bbox", "label", "segmentation", or those of them
            that a model predicts. Things with the label -1 are left out.
        names: of the labels.
        columns: scenes of a row.
    """
    images = np.asarray(images)
    truth = {name: np.asarray(value) for name, value in truth.items()}
    bands = 2 if "segmentation" in truth else 1
    rows, side = -(-len(images) // columns), WIDTH / columns
    figure, axes = plt.subplots(
        rows * bands, columns, figsize=(WIDTH, rows * bands * side), squeeze=False
    )
    for ax in axes.flat:
        ax.axis("off")
    for k, image in enumerate(images):
        row, column = divmod(k, columns)
        ax = axes[row * bands, column]
        _show(ax, image)
        if "bbox" in truth:
            _boxes(ax, truth["bbox"][k], truth["label"][k], names)
        if bands == 2:
            _show(
                axes[row * bands + 1, column], overlay(image, truth["segmentation"][k])
            )
    figure.tight_layout(pad=0.3)
    return figure


def overlay(image: Any, segmentation: Any, share: float = 0.65) -> np.ndarray:
    """Return a picture under the colors of its classes, float64 (h, w, 3) in [0, 1].

    >>> flower, nothing = np.full((2, 2, 1), 3), np.zeros((2, 2, 3), np.uint8)
    >>> overlay(nothing, flower, share=1.0)[0, 0].tolist()
    [0.85, 0.2, 0.55]
    """
    image, classes = np.asarray(image), np.asarray(segmentation)
    classes = classes[..., 0] if classes.ndim == 3 else classes
    return (1 - share) * _unit(image) + share * _CLASS_COLORS[classes.astype(int)]


def legend() -> Figure:
    """Show the colors of the classes of `overlay`, with their names."""
    figure, ax = plt.subplots(figsize=(WIDTH, 0.7))
    ax.axis("off")
    for k, name in enumerate(CLASSES):
        ax.add_patch(Rectangle((k, 0.4), 0.9, 0.5, fc=_CLASS_COLORS[k], ec=INK))
        ax.text(k + 0.45, 0.2, name, ha="center", va="center", size=8)
    ax.set(xlim=(0, len(CLASSES)), ylim=(0, 1))
    return figure


def _boxes(
    ax: Axes, boxes: np.ndarray, labels: np.ndarray, names: Sequence[str]
) -> None:
    height, width = ax.images[0].get_array().shape[:2]
    for (ymin, xmin, ymax, xmax), label in zip(boxes, labels, strict=True):
        if label < 0:
            continue
        # Pixel k reaches from k - 0.5 to k + 0.5 in the coordinates of an image.
        x, y = xmin * width - 0.5, ymin * height - 0.5
        size = ((xmax - xmin) * width, (ymax - ymin) * height)
        for color, wide in (("black", 2.6), ("white", 1.2)):
            ax.add_patch(Rectangle((x, y), *size, fc="none", ec=color, lw=wide))
        frame = {"boxstyle": "square,pad=0.15", "fc": "black", "ec": "none"}
        # On the box where there is room above it, else in it.
        side = "bottom" if ymin > 0.1 else "top"
        text = ax.text(x, y, names[int(label)], size=7, color="white", va=side)
        text.set(bbox=frame | {"alpha": 0.75}, clip_on=True)


def _show(ax: Axes, image: np.ndarray) -> None:
    # Without interpolation the page holds the picture's own pixels, and no more.
    if image.shape[-1] == 1:
        ax.imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=1, interpolation="none")
    else:
        ax.imshow(_unit(image), interpolation="none")


def _unit(image: np.ndarray) -> np.ndarray:
    return image / 255 if image.dtype == np.uint8 else np.clip(image, 0, 1)
