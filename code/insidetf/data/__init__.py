"""The book's data: small, offline, the same on every run; full-scale by an argument.

Each set comes as arrays, `digits_arrays()`, and as a `tf.data.Dataset`, `digits()`.
Importing this package imports neither TensorFlow nor scikit-learn: a function does that
when it needs them.
"""

from insidetf.data.handwriting import digits, digits_arrays
from insidetf.data.pairing import pairs, pairs_arrays
from insidetf.data.photos import photographs, photographs_arrays
from insidetf.data.pictures import garden, garden_arrays
from insidetf.data.source import DataUnavailableError, data_dir
from insidetf.data.tables import (
    breast_cancer,
    breast_cancer_arrays,
    diabetes,
    diabetes_arrays,
    energy,
    energy_arrays,
    wine,
    wine_arrays,
)
from insidetf.data.world.kinds import CLASSES as GARDEN_CLASSES
from insidetf.data.world.kinds import NAMES as GARDEN_NAMES

__all__ = [
    "GARDEN_CLASSES",
    "GARDEN_NAMES",
    "DataUnavailableError",
    "breast_cancer",
    "breast_cancer_arrays",
    "data_dir",
    "diabetes",
    "diabetes_arrays",
    "digits",
    "digits_arrays",
    "energy",
    "energy_arrays",
    "garden",
    "garden_arrays",
    "pairs",
    "pairs_arrays",
    "photographs",
    "photographs_arrays",
    "wine",
    "wine_arrays",
]
