"""From a step in Python to a function that takes batches out of an iterator.

Keras: `TensorFlowTrainer._make_function` in keras/src/backend/tensorflow/trainer.py.
There the batches come from an iterator in the graph, and a `While` repeats the step;
here Python collects them first, as it does in Keras's trainer for JAX.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from microtf.function import function


def make_function(
    step_function: Callable[[tuple], Any], steps_per_execution: int, run_eagerly: bool
) -> Callable[[Iterator[tuple]], Any]:
    """Wrap a step: the result takes batches and returns what the last step returned.

    All that is decided here is decided for as long as the result is kept.
    """
    # The model's own function may be replaced later; what is called is this one.
    one_step_on_data = _traced(step_function, run_eagerly)

    def multi_step_on_batches(batches: list[tuple]) -> Any:
        for data in batches:
            outputs = one_step_on_data(data)
        return outputs

    if steps_per_execution > 1:  # else the call of a call would be all it adds
        multi_step_on_batches = _traced(multi_step_on_batches, run_eagerly)

    def execute(iterator: Iterator[tuple]) -> Any:
        batches = list(islice(iterator, steps_per_execution))
        if not batches:
            raise ValueError(
                f"expected up to {steps_per_execution} batches, got an iterator that "
                "has none left; make a new one for each epoch"
            )
        return multi_step_on_batches(batches)

    return execute


def _traced(python_function: Callable[..., Any], run_eagerly: bool) -> Any:
    if run_eagerly:
        return python_function
    # Its control flow decides on Python values alone: nothing is to be converted.
    return function(python_function, reduce_retracing=True, autograph=False)
