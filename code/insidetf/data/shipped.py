"""The files that scikit-learn ships, read without importing it.

The import takes seconds and a hundred megabytes; the files are small tables of text.
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np

from insidetf.data.source import DataUnavailableError

Table = tuple[np.ndarray, np.ndarray]


def folder(wanted: str) -> Path:
    """Return scikit-learn's folder of data sets.

    Raises:
        DataUnavailableError: when scikit-learn is not installed.
    """
    found = importlib.util.find_spec("sklearn")
    if found is None or not found.submodule_search_locations:
        why = "the package scikit-learn, which ships it, is not installed"
        raise DataUnavailableError(wanted, why, ["python -m pip install scikit-learn"])
    return Path(found.submodule_search_locations[0]) / "datasets"


def _last_column(path: Path, delimiter: str = ",") -> Table:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        header = 0 if path.name == "digits.csv.gz" else 1
        rows = np.loadtxt(lines, delimiter=delimiter, skiprows=header)
    return rows[:, :-1], rows[:, -1]


def _two_files(path: Path) -> Table:
    x = np.loadtxt(path / "diabetes_data_raw.csv.gz")
    return x, np.loadtxt(path / "diabetes_target.csv.gz")


_READERS: dict[str, Callable[[Path], Table]] = {
    "breast_cancer": lambda path: _last_column(path / "breast_cancer.csv"),
    "diabetes": _two_files,
    "digits": lambda path: _last_column(path / "digits.csv.gz"),
    "wine": lambda path: _last_column(path / "wine_data.csv"),
}


def table(name: str) -> Table:
    """Return (x, y) of one of scikit-learn's tables, float64, in the file's order.

    Raises:
        DataUnavailableError: when scikit-learn is not installed.
    """
    try:
        return _READERS[name](folder(f"the table {name!r}") / "data")
    except (FileNotFoundError, ValueError):
        return _imported(name)  # another release may keep its files elsewhere


def _imported(name: str) -> Table:
    from sklearn import datasets

    options = {"scaled": False} if name == "diabetes" else {}
    x, y = getattr(datasets, f"load_{name}")(return_X_y=True, **options)
    return np.asarray(x, np.float64), np.asarray(y, np.float64)
