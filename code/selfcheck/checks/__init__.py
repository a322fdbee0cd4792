"""Checks in TensorFlow's terms, for the `checks.py` of coding items.

Each function fails the running check with a message that says what was expected, what
came, and on which input. A `checks.py` is a list of functions:

    from selfcheck.checks import check, random_input, values_close

    @check("clips from above", section="tape-forge")
    def clips(s):
        x = random_input([5])
        values_close(s.clip(x, 0.5), [min(v, 0.5) for v in x.numpy()], on=x)

`s` is the submission: `s.clip` is its `clip`. Importing this package imports neither
NumPy nor TensorFlow; both are bound in the worker before the submission runs.
"""

from selfcheck.checks.base import CheckFailed, check, fail, hidden
from selfcheck.checks.gradients import (
    finite_differences,
    gradient_close,
    gradient_exists,
    gradient_missing,
)
from selfcheck.checks.graphs import (
    graph_has_op,
    graph_lacks_op,
    ops_of,
    retraces_at_most,
    same_eager_and_graph,
    works_for_unknown_batch,
)
from selfcheck.checks.source import does_not_use, uses
from selfcheck.checks.values import (
    equal,
    is_a,
    raises,
    random_input,
    random_variable,
    shape_dtype,
    values_close,
)

__all__ = [
    "CheckFailed",
    "check",
    "does_not_use",
    "equal",
    "fail",
    "finite_differences",
    "gradient_close",
    "gradient_exists",
    "gradient_missing",
    "graph_has_op",
    "graph_lacks_op",
    "hidden",
    "is_a",
    "ops_of",
    "raises",
    "random_input",
    "random_variable",
    "retraces_at_most",
    "same_eager_and_graph",
    "shape_dtype",
    "uses",
    "values_close",
    "works_for_unknown_batch",
]
