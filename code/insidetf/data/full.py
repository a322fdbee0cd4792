"""The full-scale sets, from TensorFlow Datasets, in the form of the local ones."""

from __future__ import annotations

import subprocess
from typing import Any

import numpy as np

from insidetf.data.arrays import Part
from insidetf.data.source import DataUnavailableError, data_dir


def load(name: str, wanted: str, **options: Any) -> Any:
    """Call `tfds.load(name, …)` on the folder of the book's data.

    Raises:
        DataUnavailableError: when the set is not in the folder and cannot be fetched.
    """
    try:
        import tensorflow_datasets as tfds

        return tfds.load(name, data_dir=str(data_dir()), **options)
    except Exception as error:
        # Whatever went wrong, network or package: the ways out are the same.
        raise DataUnavailableError(wanted, error, _ways(name)) from error


def _ways(name: str) -> list[str]:
    folder = data_dir()
    download = ["tfds", "build", name, "--data_dir", str(folder)]
    return [
        f"on a machine with a network: {subprocess.list2cmdline(download)}",
        f"copy the folder {name.split('/')[0]!r} that this makes into {folder}",
        "set INSIDETF_DATA to a folder that has it already",
        'stay offline: source="local", or unset INSIDETF_SOURCE',
    ]


def digits() -> tuple[Part, Part]:
    """MNIST in the form of `digits_arrays`: x (n, 28, 28, 1), in its own split."""
    parts = load(
        "mnist",
        "the 70,000 digits of MNIST (12 MB to download)",
        split=["train", "test"],
        batch_size=-1,
        as_supervised=True,
    )
    (x, y), (x_test, y_test) = (
        (image.numpy(), label.numpy()) for image, label in parts
    )
    return (_unit(x), y.astype(np.int64)), (_unit(x_test), y_test.astype(np.int64))


def _unit(image: np.ndarray) -> np.ndarray:
    return image.astype(np.float32) / 255


def wine() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """TFDS `wine_quality`, white (kind 0) and red (kind 1), not yet split."""
    x, alcohol, kind = [], [], []
    for k, color in enumerate(("white", "red")):
        wanted = f"the {color} wines of `wine_quality` (0.3 MB to download)"
        table = load(f"wine_quality/{color}", wanted, split="train", batch_size=-1)
        columns = {name: value.numpy() for name, value in table["features"].items()}
        alcohol.append(columns.pop("alcohol"))
        columns["quality"] = table["quality"].numpy()
        x.append(np.stack([columns[n].astype(np.float64) for n in columns], axis=1))
        kind.append(np.full(len(x[-1]), k))
    targets = {"alcohol": np.float32, "kind": np.int64}
    y = (np.concatenate(rows) for rows in (alcohol, kind))
    return np.concatenate(x), {
        name: rows.astype(dtype)
        for (name, dtype), rows in zip(targets.items(), y, strict=True)
    }
