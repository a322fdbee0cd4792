"""Run the programs of a pool, each of them twice, and say what is wrong with them."""

import math
import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from selfcheck import sandbox
from selfcheck.config import Config
from selfcheck.programs import Program

SECONDS = 10.0
MOST_LINES = 12
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}|/selfcheck-")


@dataclass(frozen=True)
class Outcome:
    """What a program printed or is worth; `error` says why it cannot be used."""

    value: str | float | None
    error: str | None = None


Runner = Callable[[Program], Outcome]


def zygote_runner(config: Config) -> Runner:
    """Return a runner over the grader's zygote, with the book's modules loaded."""
    sandbox.configure(config)

    def run(program: Program) -> Outcome:
        # A machine with more to do than cores takes longer for the same work.
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        limit = SECONDS * max(1.0, load / (os.cpu_count() or 1))
        if program.expression is None:
            done = sandbox.run_program(program.source, timeout=limit)
            return Outcome(done.stdout, done.error)
        value = sandbox.evaluate(program.source, program.expression, timeout=limit)
        if value.error is None and not isinstance(value.value, int | float):
            got = type(value.value).__name__
            return Outcome(None, f"expected a number, got {got} ({value.value!r:.60})")
        return Outcome(value.value, value.error)

    return run


def code_of(program: Program) -> tuple[str, str | None]:
    """Return what makes two programs the same run."""
    return program.source, program.expression


def run_all(
    pending: Mapping[str, Sequence[Program]],
    runner: Runner,
    progress: Callable[[int, int], None] | None,
) -> dict[tuple[str, str | None], tuple[Outcome, Outcome]]:
    """Run each different program twice, as many at a time as there are cores."""
    different = {code_of(p): p for found in pending.values() for p in found}
    done = 0

    def twice(program: Program) -> tuple[Outcome, Outcome]:
        nonlocal done
        first = runner(program)
        both = first, runner(program) if first.error is None else first
        done += 1
        if progress:
            progress(done, len(different))
        return both

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        return dict(zip(different, threads.map(twice, different.values()), strict=True))


def fault(program: Program, first: Outcome, second: Outcome) -> str | None:
    """Say what is wrong with the two runs of a program; None when nothing is."""
    for outcome in (first, second):
        if outcome.error is not None:
            said = outcome.error.strip()
            return f"expected a program that runs in {SECONDS:.0f} s; got:\n{said}"
    if not same(first.value, second.value):
        return (
            f"expected the same answer twice, got {first.value!r} and "
            f"{second.value!r}; seed what is random, sort what has no order"
        )
    if program.role == "evidence" or program.expression is not None:
        return None
    text = str(first.value)
    if not text.strip():
        return "expected a program that prints something; got no output"
    if len(text.strip().splitlines()) > MOST_LINES:
        lines = len(text.strip().splitlines())
        return f"expected at most {MOST_LINES} lines of output, got {lines}; print less"
    if _ADDRESS.search(text):
        return f"expected output without addresses and paths, got {text!r}"
    return None


def same(a: Any, b: Any) -> bool:
    """Say whether two answers are equal; nan is equal to nan."""
    nans = [isinstance(x, float) and math.isnan(x) for x in (a, b)]
    return a == b or all(nans)
