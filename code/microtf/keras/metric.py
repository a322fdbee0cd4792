"""The contract of a metric: variables that collect, and a result made of them.

Keras: keras/src/metrics/metric.py and keras/src/metrics/reduction_metrics.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.keras.loss import (
    apply_mask,
    as_float,
    divide_no_nan,
    squeeze_or_expand_to_same_rank,
)
from microtf.keras.masking import get_keras_mask
from microtf.keras.naming import auto_name
from microtf.keras.tracking import Tracker
from microtf.keras.variable import Variable
from microtf.math_ops import ones_like, reduce_mean, reduce_sum
from microtf.tensor import Tensor, convert_to_tensor


class Metric:
    """A subclass makes variables, changes them in `update_state`, and reads `result`.

    Attributes that are Keras variables or metrics are tracked; what else there may be,
    `reset_state` does not know.
    """

    def __init__(self, name: str | None = None):
        self.name = name or auto_name(type(self).__name__)
        self._variables: list[Variable] = []
        self._metrics: list[Metric] = []
        self._tracker = Tracker(
            {
                "variables": (lambda x: isinstance(x, Variable), self._variables),
                "metrics": (lambda x: isinstance(x, Metric), self._metrics),
            }
        )

    def __setattr__(self, name: str, value: Any) -> None:
        if "_tracker" in self.__dict__:
            value = self._tracker.track(value)
        super().__setattr__(name, value)

    def add_variable(
        self, shape: Sequence[int], initializer: str = "zeros", name: str | None = None
    ) -> Variable:
        """Make a variable that no tape watches and that `reset_state` finds."""
        if initializer != "zeros":
            raise ValueError(f"expected the initializer 'zeros', got {initializer!r}")
        zeros = np.zeros(tuple(shape), np.float32)
        return self._tracker.track(Variable(zeros, trainable=False, name=name))

    @property
    def variables(self) -> list[Variable]:
        """The metric's own variables, then those of the metrics in it."""
        inner = [v for metric in self._metrics for v in metric.variables]
        return [*self._variables, *inner]

    def reset_state(self) -> None:
        """Set all variables to zero, as at the start of an epoch."""
        for variable in self.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Add what a batch has to say."""
        raise NotImplementedError(f"{type(self).__name__} defines no `update_state`")

    def result(self) -> Any:
        """Return the value for all batches since the last reset."""
        raise NotImplementedError(f"{type(self).__name__} defines no `result`")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Update, and return the result so far."""
        self.update_state(*args, **kwargs)
        return self.result()


def reduce_to_samplewise_values(
    values: Any, sample_weight: Any, reduce_fn: Callable[..., Tensor]
) -> tuple[Tensor, Tensor | None]:
    """Return one number for each example, and one weight, each (B,) at most."""
    values = as_float(values)
    if sample_weight is not None:
        values, sample_weight = squeeze_or_expand_to_same_rank(
            values, as_float(sample_weight)
        )
        rank = len(sample_weight.shape)
        values = _over_axes_from(rank, values, reduce_fn)
        sample_weight = sample_weight * ones_like(values)
        values = values * sample_weight
        sample_weight = _over_axes_from(1, sample_weight, reduce_fn)
    return _over_axes_from(1, values, reduce_fn), sample_weight


def _over_axes_from(
    first: int, values: Tensor, reduce_fn: Callable[..., Tensor]
) -> Tensor:
    axes = list(range(first, len(values.shape)))
    return reduce_fn(values, axis=axes) if axes else values


class Mean(Metric):
    """The mean of what it is given: a sum and a count, divided when asked.

    >>> mean = Mean()
    >>> mean.update_state([1.0, 3.0]), mean.update_state([8.0])
    (None, None)
    >>> float(mean.result())
    4.0
    """

    def __init__(self, name: str | None = None):
        super().__init__(name)
        self.total = self.add_variable((), name="total")
        self.count = self.add_variable((), name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Add values: one number, or one for each example, with weights or without."""
        values, sample_weight = reduce_to_samplewise_values(
            values, sample_weight, reduce_mean
        )
        counted = ones_like(values) if sample_weight is None else sample_weight
        self.total.assign_add(reduce_sum(values))
        self.count.assign_add(reduce_sum(counted))

    def result(self) -> Tensor:
        """Return the mean, or 0 before the first value."""
        return divide_no_nan(
            convert_to_tensor(self.total), convert_to_tensor(self.count)
        )


class MeanMetricWrapper(Mean):
    """The mean of what a function of labels and predictions returns, as it is."""

    def __init__(
        self, fn: Callable[..., Tensor], name: str | None = None, **kwargs: Any
    ):
        super().__init__(name or getattr(fn, "__name__", None))
        self._fn, self._fn_kwargs = fn, kwargs

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Call the function; in contrast to a loss, nothing is aligned before."""
        values = self._fn(y_true, y_pred, **self._fn_kwargs)
        sample_weight = apply_mask(sample_weight, get_keras_mask(y_pred), "sum")
        super().update_state(values, sample_weight)
