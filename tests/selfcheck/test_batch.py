"""Where no process can be forked, programs share two, and none feels another."""

import pytest

from selfcheck import keys
from selfcheck.batch import batch_runner
from selfcheck.programs import Program
from selfcheck.runs import Outcome


@pytest.fixture(autouse=True)
def no_fork(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SELFCHECK_NO_FORK", "1")


def program(source: str, expression: str | None = None) -> Program:
    return Program(0, "key", source, expression, ("code",))


def refuse(one: Program) -> Outcome:
    raise AssertionError(f"{one.source!r} was run alone")


def test_keys_are_the_same_as_with_a_process_for_each(toy, book, here):
    assert keys.resolve(toy, book) == keys.resolve(toy, book, here)


def test_programs_and_expressions_are_answered_in_two_processes(book):
    both = [
        program("print(1 + 1)"),
        program("x = 3", "x / 2"),
        program("", "float('nan')"),
    ]
    run = batch_runner(book, both, refuse)
    assert run(both[0]).value == "2\n"
    assert run(both[1]).value == 1.5
    assert run(both[2]).value != run(both[2]).value


def test_a_program_that_feels_another_one_runs_alone(book):
    leaves = program("import math; math.left = 1; print('left')")
    finds = program("import math; print(hasattr(math, 'left'))")
    alone = []

    def run_alone(one: Program) -> Outcome:
        alone.append(one)
        return Outcome("False\n")

    run = batch_runner(book, [leaves, finds], run_alone)
    assert run(finds) == Outcome("False\n")
    assert run(leaves) == Outcome("left\n")
    assert alone == [finds]


@pytest.mark.parametrize(
    "source",
    ["1 / 0", "raise SystemExit", "import os; os._exit(0)", "x = [", "None + 1"],
)
def test_a_program_that_fails_runs_alone_and_spoils_no_other(book, source):
    good = [program(f"print({n})") for n in range(4)]
    bad = program(source)
    alone = []

    def run_alone(one: Program) -> Outcome:
        alone.append(one)
        return Outcome(None, "it failed")

    run = batch_runner(book, [*good[:2], bad, *good[2:]], run_alone)
    for one in (*good, bad):
        run(one)
    assert bad in alone
    if "_exit" not in source:
        assert alone == [bad]


def test_autograph_and_inspect_find_the_source_of_a_program(book):
    source = "import inspect\ndef f(): return 1\nprint(inspect.getsource(f))"
    one = program(source)
    assert "return 1" in batch_runner(book, [one], refuse)(one).value
