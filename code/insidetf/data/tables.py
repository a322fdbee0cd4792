"""Tables: wine, breast_cancer, diabetes, energy, as arrays and as datasets.

Each `<name>_arrays()` returns `((x, y), (x_test, y_test))`: x float32 (rows, columns),
standardized by the training part's statistics; y an array of the same rows, or a dict
of them where a table has two targets. Each `<name>(split)` is a dataset of (x, y).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from insidetf.data import energy_model, full, shipped
from insidetf.data.arrays import Part, as_dataset, split, standardize
from insidetf.data.source import choose_source

if TYPE_CHECKING:
    import tensorflow as tf

WINE_FEATURES = (
    *("malic acid", "ash", "alkalinity of ash", "magnesium", "phenols", "flavanoids"),
    *("nonflavanoid phenols", "proanthocyanins", "color intensity", "hue"),
    *("OD280/OD315", "proline"),
)
WINE_KINDS = ("cultivar 0", "cultivar 1", "cultivar 2")
_CELL = (
    *("radius", "texture", "perimeter", "area", "smoothness", "compactness"),
    *("concavity", "concave points", "symmetry", "fractal dimension"),
)
BREAST_CANCER_FEATURES = tuple(
    f"{statistic} {name}"
    for statistic in ("mean", "error of", "worst")
    for name in _CELL
)
BREAST_CANCER_KINDS = ("malignant", "benign")
DIABETES_FEATURES = (
    *("age", "sex", "body mass index", "blood pressure", "cholesterol", "LDL"),
    *("HDL", "cholesterol/HDL", "log triglycerides", "glucose"),
)
HOUSES = {"local": 768, "full": 100_000}


def _parts(x: np.ndarray, y: object, seed: int) -> tuple[Part, Part]:
    return standardize(split(x, y, seed))


def wine_arrays(*, source: str | None = None, seed: int = 0) -> tuple[Part, Part]:
    """Chemistry of wines: a regression and a classification from the same columns.

    Args:
        source: "local": scikit-learn's 178 wines of 3 cultivars, 12 columns; "full":
            TFDS `wine_quality`, 6497 wines, white (0) and red (1), 11 columns, the
            last of them the tasters' score. None: what INSIDETF_SOURCE says.
        seed: what divides the rows into training (four fifths) and testing.

    Returns:
        ((x, y), (x_test, y_test)), y = {"alcohol": float32 (rows,) in % of volume,
        "kind": int64 (rows,)}.

    >>> (x, y), (x_test, y_test) = wine_arrays()
    >>> x.shape, x_test.shape, y["kind"].dtype, round(float(y["alcohol"].max()), 2)
    ((142, 12), (36, 12), dtype('int64'), 14.83)
    """
    if choose_source(source) == "full":
        x, y = full.wine()
    else:
        columns, kind = shipped.table("wine")
        x, alcohol = columns[:, 1:], columns[:, 0]
        y = {"alcohol": alcohol.astype(np.float32), "kind": kind.astype(np.int64)}
    return _parts(x, y, seed)


def breast_cancer_arrays(
    *, source: str | None = None, seed: int = 0
) -> tuple[Part, Part]:
    """Wisconsin's cell nuclei, 569 rows of 30 columns: malignant (0) or benign (1).

    The shipped table is the whole one: both sources give it. y is int64 (rows,).

    >>> (x, y), (x_test, y_test) = breast_cancer_arrays()
    >>> x.shape, x_test.shape, sorted(set(y.tolist()))
    ((455, 30), (114, 30), [0, 1])
    """
    choose_source(source)
    x, y = shipped.table("breast_cancer")
    return _parts(x, y.astype(np.int64), seed)


def diabetes_arrays(*, source: str | None = None, seed: int = 0) -> tuple[Part, Part]:
    """442 patients, 10 columns, and how far the disease went in a year (25 to 346).

    The shipped table is the whole one: both sources give it. y is float32 (rows,).

    >>> (x, y), _ = diabetes_arrays()
    >>> x.shape, y.dtype
    ((354, 10), dtype('float32'))
    """
    choose_source(source)
    x, y = shipped.table("diabetes")
    return _parts(x, y.astype(np.float32), seed)


def energy_arrays(*, source: str | None = None, seed: int = 0) -> tuple[Part, Part]:
    """Houses and their two loads, computed by a documented formula (`energy_model`).

    Args:
        source: "local": 768 houses; "full": 100,000 of the same kind.
        seed: what draws the houses, their noise, and the division.

    Returns:
        ((x, y), (x_test, y_test)), x with 10 columns, y = {"heating", "cooling"}, each
        float32 (rows,) in kWh per m² of floor and month.

    >>> (x, y), (x_test, _) = energy_arrays()
    >>> x.shape, x_test.shape, sorted(y)
    ((614, 10), (154, 10), ['cooling', 'heating'])
    """
    x, y = energy_model.measured(HOUSES[choose_source(source)], seed)
    return _parts(x, y, seed)


def _dataset_of(arrays: Callable[..., tuple[Part, Part]]) -> Callable[..., object]:
    name = arrays.__name__.removesuffix("_arrays")

    def dataset(
        split: str = "train",
        batch_size: int | None = None,
        *,
        source: str | None = None,
        seed: int = 0,
    ) -> tf.data.Dataset:
        parts = arrays(source=source, seed=seed)
        return as_dataset(parts, split, batch_size)

    dataset.__name__ = dataset.__qualname__ = name
    dataset.__doc__ = f"Return (x, y) of `{name}_arrays`, in its order, as a dataset."
    return dataset


wine = _dataset_of(wine_arrays)
breast_cancer = _dataset_of(breast_cancer_arrays)
diabetes = _dataset_of(diabetes_arrays)
energy = _dataset_of(energy_arrays)
