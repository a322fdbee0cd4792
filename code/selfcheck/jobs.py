"""What a worker process can do: run a program, value an expression, grade.

A job is a JSON object with a `kind`. Everything it finds out goes into the report as
it happens; nothing is returned. Grading is in `selfcheck.judge`.
"""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path
from typing import Any

from selfcheck.faults import describe
from selfcheck.wire import Report

FILENAME = "submission.py"
# In a program that sees TensorFlow, a forked copy of the process hangs at its next op.
_FORKS = frozenset({"os.fork", "os.forkpty"})
# Bound now: a program may put something else in their place.
_exit, process_id = os._exit, os.getpid
COPY_ENDED = 98


class Stopped(Exception):  # noqa: N818 (a way out, not an error)
    """The program did not come to its end; the report says why."""


def run_source(
    source: str, folder: Path, report: Report, *, name: str, filename: str = FILENAME
) -> types.ModuleType:
    """Execute `source` as the module `name`, from a real file in `folder`.

    A real file, because AutoGraph, `inspect`, and pickling look for the source.

    Raises:
        Stopped: the program raised or asked to exit, which has been reported.
    """
    path = str(folder / filename)
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    me = process_id()
    try:
        Path(path).write_text(source, encoding="utf-8", newline="\n")
        code = compile(source, path, "exec", dont_inherit=True)
        exec(code, module.__dict__)
    except BaseException as error:
        leave_if_copy(me)
        report.send(raised=describe(error, path))
        raise Stopped from None
    leave_if_copy(me)
    return module


def leave_if_copy(original: int) -> None:
    """End this process when it is a fork that the program made of itself."""
    if process_id() != original:
        _exit(COPY_ENDED)


def run_program(job: dict[str, Any], folder: Path, report: Report) -> None:
    """Run `job["source"]` as a main program."""
    run_source(job["source"], folder, report, name="__main__", filename="program.py")
    report.send(done=True)


def evaluate(job: dict[str, Any], folder: Path, report: Report) -> None:
    """Report the value of `job["expression"]` after `job["setup"]` has run."""
    module = run_source(
        job["setup"], folder, report, name="__main__", filename="setup.py"
    )
    try:
        code = compile(job["expression"].strip(), "<expression>", "eval")
        value = plain(eval(code, module.__dict__))
    except BaseException as error:
        report.send(raised=describe(error, "<expression>"))
        raise Stopped from None
    report.send(value=value, done=True)


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: tensors, arrays, and NumPy's numbers unpacked.

    Raises:
        TypeError: there is no such form.
    """
    for unpack in ("numpy", "tolist"):
        method = getattr(value, unpack, None)
        if callable(method) and not isinstance(value, type):
            value = method()
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(
        f"expected a number, a text, or a list of them, got {type(value).__name__}"
    )


def run_example(job: dict[str, Any], folder: Path, report: Report) -> None:
    """Run a submission, then the visible example, which may use all its names."""
    forbid_forks()
    module = run_source(job["source"], folder, report, name="submission")
    example = types.ModuleType("example")
    example.__dict__.update(
        {key: value for key, value in vars(module).items() if not key.startswith("__")}
    )
    path = str(folder / "example.py")
    try:
        Path(path).write_text(job["example"], encoding="utf-8", newline="\n")
        exec(compile(job["example"], path, "exec"), example.__dict__)
    except BaseException as error:
        told = describe(error, module.__file__ or "")
        if told["line"] is None:
            told = describe(error, path)
            told["where"] = "example"
        report.send(raised=told)
        raise Stopped from None
    report.send(done=True)


def forbid_forks() -> None:
    """Make os.fork fail with a reason, from now on, in this process.

    Raises (inside the program): RuntimeError at the line that forks.
    """

    def hook(event: str, _: tuple[Any, ...]) -> None:
        if event in _FORKS:
            raise RuntimeError(
                f"{event} is not allowed here: a forked copy of a process that uses "
                "TensorFlow hangs at its next op, and the grader runs one process "
                "per submission"
            )

    sys.addaudithook(hook)
