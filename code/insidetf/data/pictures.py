"""The garden, as arrays and as datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from insidetf.data import full
from insidetf.data.arrays import SPLITS, Part
from insidetf.data.prepare import as_written, chosen, prepared
from insidetf.data.source import choose_source

if TYPE_CHECKING:
    import tensorflow as tf


def garden(
    config: str = "scenes96",
    split: str = "train",
    batch_size: int | None = None,
    *,
    source: str | None = None,
) -> tf.data.Dataset:
    """Return pictures of the garden and the truth about them, as a dataset of (x, y).

    x is the picture, uint8 (n, n, 3). In the configuration "cutouts48" y is the label,
    int64 (), an index into GARDEN_NAMES. In the others a picture has up to m things,
    and y is a dict of

    - "segmentation": uint8 (n, n, 1), indices into GARDEN_CLASSES;
    - "bbox": float32 (m, 4), ymin, xmin, ymax, xmax in [0, 1], the rest filled with 0;
    - "label": int64 (m,), indices into GARDEN_NAMES, the rest filled with -1;
    - "mask" (in "instances96" alone): uint8 (m, n, n, 1), 1 where a thing is seen.

    Args:
        config: "scenes96" (m = 6), "scenes64" (m = 4), "instances96", "dusk96" (the
            scenes of "scenes96" in the last light), or "cutouts48".
        split: "train" or "test".
        batch_size: None for single examples.
        source: "local": drawn on the first call, a few seconds, and kept; "full": TFDS
            `oxford_iiit_pet` at the same size, one pet on a picture, with segmentation
            0 pet, 1 background, 2 border. None: what INSIDETF_SOURCE says.

    Raises:
        ValueError: when there is no such configuration or split.
        DataUnavailableError: when the full set cannot be had, or the drawn pictures
            cannot be kept.
    """
    import tensorflow as tf

    if split not in SPLITS:
        raise ValueError(f"split is {split!r}; expected one of {SPLITS}")
    if choose_source(source) == "full":
        c = chosen(config)
        dataset = full.pets(split, c.size, c.most, c.masks, c.dusk)
    else:
        builder = prepared(config)
        examples = builder.as_dataset(split=split, read_config=as_written())
        most = builder.builder_config.most
        dataset = examples.map(lambda e: _pair(e, most), tf.data.AUTOTUNE)
    return dataset if batch_size is None else dataset.batch(batch_size)


def _pair(example: dict[str, Any], most: int) -> tuple[tf.Tensor, Any]:
    if not most:
        return example["image"], example["label"]
    things = {name: _filled(v, name, most) for name, v in example["objects"].items()}
    return example["image"], {"segmentation": example["segmentation"], **things}


def _filled(rows: tf.Tensor, name: str, most: int) -> tf.Tensor:
    """Bring the things of a scene to one number, so that scenes can be batched."""
    import tensorflow as tf

    missing = [[0, most - tf.shape(rows)[0]]] + [[0, 0]] * (rows.shape.rank - 1)
    filled = tf.pad(rows, missing, constant_values=-1 if name == "label" else 0)
    return tf.ensure_shape(filled, [most, *rows.shape[1:]])


def garden_arrays(
    config: str = "scenes96", *, source: str | None = None
) -> tuple[Part, Part]:
    """Return the elements of `garden`, stacked: ((x, y), (x_test, y_test)).

    Raises:
        ValueError, DataUnavailableError: as `garden`.
    """
    import tensorflow as tf

    def stacked(split: str) -> Part:
        batches = list(garden(config, split, 256, source=source).as_numpy_iterator())
        return tf.nest.map_structure(lambda *rows: np.concatenate(rows), *batches)

    return stacked("train"), stacked("test")
