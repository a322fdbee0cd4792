"""What converted code calls: operators that look at a value, and then decide.

TensorFlow: tensorflow/python/autograph/operators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from microtf.autograph.checks import check_branch, check_branches, check_defined
from microtf.autograph.logical import and_
from microtf.autograph.values import StagedRange, is_symbolic
from microtf.control_flow import cond, while_loop
from microtf.func_graph import FuncGraph
from microtf.math_ops import gather, greater, less
from microtf.op import current_graph, graph_mode
from microtf.record import no_tapes
from microtf.symbolic import SymbolicTensorError
from microtf.tensor import Tensor, convert_to_tensor

Getter = Callable[[], tuple]
Setter = Callable[[Sequence[Any]], None]


def if_stmt(
    test: Any,
    body: Callable[[], None],
    orelse: Callable[[], None],
    get_state: Getter,
    set_state: Setter,
    names: Sequence[str],
    outputs: int,
) -> None:
    """Run one branch, or trace both where the test is symbolic."""
    if not is_symbolic(test):
        return body() if test else orelse()
    before, seen = get_state(), []

    def branch(run: Callable[[], None], label: str) -> list[Any]:
        set_state(before)  # the other branch was traced in between
        run()
        values = get_state()[:outputs]
        seen.append(check_branch(names, values, label))
        if len(seen) == 2:
            check_branches(names, *seen)
        return list(values)

    results = cond(test, lambda: branch(body, "main"), lambda: branch(orelse, "else"))
    set_state((*results, *before[outputs:]))


def while_stmt(
    test: Callable[[], Any],
    body: Callable[[], None],
    get_state: Getter,
    set_state: Setter,
    names: Sequence[str],
) -> None:
    """Repeat a body, or trace it once where the test is symbolic."""
    if not is_symbolic(_try(test, get_state, set_state)):
        while _python_bool(test()):
            body()
        return
    before = check_defined(names, get_state())

    def traced(function: Callable[[], Any]) -> Callable[..., Any]:
        def run(*values: Any) -> Any:
            set_state(values)
            result = function()
            return get_state() if function is body else result

        return run

    set_state(while_loop(traced(test), traced(body), before, names=names))


def for_stmt(
    iterated: Any,
    test: Callable[[], Any],
    body: Callable[[Any], None],
    get_state: Getter,
    set_state: Setter,
    names: Sequence[str],
) -> None:
    """Repeat a body for each item; count through a tensor or a symbolic range."""
    if is_symbolic(iterated):
        counter = StagedRange.of(_length(iterated))

        def step(number: Tensor) -> None:
            body(gather(iterated, number))

        _count(counter, test, step, get_state, set_state, names)
    elif isinstance(iterated, StagedRange):
        _count(iterated, test, body, get_state, set_state, names)
    else:
        _python_for(iterated, test, body)


def _count(
    counter: StagedRange,
    test: Callable[[], Any],
    body: Callable[[Any], None],
    get_state: Getter,
    set_state: Setter,
    names: Sequence[str],
) -> None:
    """Count in a `while`, with the number as one more variable of the state."""
    number = convert_to_tensor(counter.start)
    ahead = less if counter.step > 0 else greater

    def set_both(values: Sequence[Any]) -> None:
        nonlocal number
        number = values[0]
        set_state(values[1:])

    def step() -> None:
        nonlocal number
        body(number)
        number = number + counter.step

    while_stmt(
        lambda: and_(lambda: ahead(number, counter.stop), test),
        step,
        lambda: (number, *get_state()),
        set_both,
        ("the loop's counter", *names),
    )


def _python_for(iterated: Iterable[Any], test: Callable[[], Any], body: Any) -> None:
    for item in iterated:
        if not _python_bool(test()):
            break
        body(item)


def _python_bool(value: Any) -> bool:
    if is_symbolic(value):
        raise SymbolicTensorError(
            "expected the condition of a Python loop to stay a Python value, got a "
            "symbolic tensor; begin with a tensor, or leave it out of `break`"
        )
    return bool(value)


def _try(test: Callable[[], Any], get_state: Getter, set_state: Setter) -> Any:
    """Ask a test for its type, in a graph that nobody will run."""
    if current_graph() is None:
        return test()
    before = get_state()
    with graph_mode(FuncGraph("trial", current_graph())), no_tapes():
        result = test()
    set_state(before)
    return result


def _length(tensor: Tensor) -> int:
    if not tensor.shape or tensor.shape[0] is None:
        raise ValueError(f"expected a known number of rows, got shape {tensor.shape}")
    return tensor.shape[0]
