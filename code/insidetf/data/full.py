"""The full-scale sets, from TensorFlow Datasets, in the form of the local ones."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from insidetf.data.arrays import Part
from insidetf.data.prepare import as_written, is_there
from insidetf.data.source import DataUnavailableError, data_dir

if TYPE_CHECKING:
    import tensorflow as tf

PATIENCE = 10  # seconds until a server counts as unreachable


@dataclass(frozen=True)
class Full:
    """A set of TFDS: its name, what it is, and the server that it is fetched from."""

    name: str
    wanted: str
    server: str


MNIST = Full("mnist", "MNIST (12 MB to download)", "https://storage.googleapis.com")
WINE = tuple(
    Full(f"wine_quality/{color}", f"{color} wines", "https://archive.ics.uci.edu")
    for color in ("white", "red")
)
PETS = Full(
    "oxford_iiit_pet",
    "the Oxford-IIIT pets (0.8 GB to download)",
    "https://thor.robots.ox.ac.uk",
)


def load(full: Full, **options: Any) -> Any:
    """Call `tfds.load` on the folder of the book's data; download what is missing.

    Raises:
        DataUnavailableError: when the set is not in the folder and cannot be fetched.
    """
    try:
        import tensorflow_datasets as tfds

        builder = tfds.builder(full.name, data_dir=str(data_dir()))
        if not is_there(builder):
            _reach(full.server)  # TFDS itself would try for minutes
            builder.download_and_prepare()
        return builder.as_dataset(read_config=as_written(), **options)
    except Exception as error:
        # Whatever went wrong, network or package: the ways out are the same.
        raise DataUnavailableError(full.wanted, error, _ways(full.name)) from error


def _reach(server: str) -> None:
    """Raise URLError when no server answers; a proxy that is set in the way is used."""
    request = urllib.request.Request(server, method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=PATIENCE).close()
    except urllib.error.HTTPError:
        return  # an answer, if not a kind one: the server can be reached


def _ways(name: str) -> list[str]:
    folder = data_dir()
    # `tfds build` would need packages that the book does not install.
    program = "import sys, tensorflow_datasets as t; t.load(sys.argv[1], data_dir='.')"
    return [
        f'on a machine with a network: python -c "{program}" {name}',
        f"then copy the folder {name.split('/')[0]!r} that this makes into {folder}",
        "or set INSIDETF_DATA to a folder that has it already",
        'stay offline: source="local", or unset INSIDETF_SOURCE',
    ]


def digits() -> tuple[Part, Part]:
    """MNIST in the form of `digits_arrays`: x (n, 28, 28, 1), in its own split."""
    split = ["train", "test"]
    parts = load(MNIST, split=split, batch_size=-1, as_supervised=True)
    (x, y), (x_test, y_test) = ((image.numpy(), y.numpy()) for image, y in parts)
    return (_unit(x), y.astype(np.int64)), (_unit(x_test), y_test.astype(np.int64))


def _unit(image: np.ndarray) -> np.ndarray:
    return image.astype(np.float32) / 255


def wine() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """TFDS `wine_quality`, white (kind 0) and red (kind 1), not yet split."""
    x, alcohol, kind = [], [], []
    for k, wines in enumerate(WINE):
        table = load(wines, split="train", batch_size=-1)
        columns = {name: value.numpy() for name, value in table["features"].items()}
        alcohol.append(columns.pop("alcohol"))
        columns["quality"] = table["quality"].numpy()
        x.append(np.stack(list(columns.values()), axis=1).astype(np.float64))
        kind.append(np.full(len(x[-1]), k, np.int64))
    targets = {"alcohol": np.concatenate(alcohol), "kind": np.concatenate(kind)}
    return np.concatenate(x), targets


def pets(split: str, size: int, most: int, masks: bool, dusk: bool) -> tf.data.Dataset:
    """Oxford-IIIT pets in the form of `garden`: pictures of `size`, one pet on each.

    The box is that of the pet and its border in the segmentation.
    """
    import tensorflow as tf

    def pair(example: dict[str, tf.Tensor]) -> tuple[tf.Tensor, Any]:
        image = tf.image.resize(example["image"], (size, size), antialias=True)
        if dusk:
            image *= [0.56, 0.59, 0.9]
        image = tf.saturate_cast(tf.round(image), tf.uint8)
        if not most:
            return image, example["label"]
        trimap = tf.image.resize(example["segmentation_mask"], (size, size), "nearest")
        pet = trimap != 2  # 1 is the pet, 2 what is around it, 3 the border
        empty = [[0, most - 1]]
        y = {
            "segmentation": trimap - 1,
            "bbox": tf.pad(_box(pet)[None], [*empty, [0, 0]]),
            "label": tf.pad(example["label"][None], empty, constant_values=-1),
        }
        if masks:
            mask = tf.cast(pet, tf.uint8)[None]
            y["mask"] = tf.pad(mask, [*empty, [0, 0], [0, 0], [0, 0]])
        return image, y

    return load(PETS, split=split).map(pair, tf.data.AUTOTUNE)


def _box(mask: tf.Tensor) -> tf.Tensor:
    """Return ymin, xmin, ymax, xmax in [0, 1] of a mask (n, n, 1); zeros of no mask."""
    import tensorflow as tf

    place = tf.cast(tf.where(mask[..., 0]), tf.float32)
    size = tf.cast(tf.shape(mask)[0], tf.float32)
    if tf.shape(place)[0] == 0:
        return tf.zeros([4])
    low, high = tf.reduce_min(place, axis=0), tf.reduce_max(place, axis=0) + 1
    return tf.concat([low, high], axis=0) / size
