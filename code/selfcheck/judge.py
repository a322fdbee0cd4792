"""Grade a submission: inside the worker, with checks bound before it runs."""

from __future__ import annotations

import difflib
import secrets
import sys
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selfcheck import traced
from selfcheck.checks.base import CheckFailed, Mark, bind
from selfcheck.faults import describe, shorten
from selfcheck.guard import Guard, own_modules, prepare
from selfcheck.jobs import (
    FILENAME,
    Stopped,
    forbid_forks,
    leave_if_copy,
    process_id,
    run_source,
)
from selfcheck.wire import Report

_MODULE = "checks_of_item"


@dataclass(frozen=True)
class Check:
    """One function of a `checks.py`."""

    name: str
    section: str | None
    function: Callable[[Any], None]


class Submission:
    """What a submission defines, by attribute; a missing name fails the check."""

    __slots__ = ("__module", "__source")

    def __init__(self, module: types.ModuleType, source: str) -> None:
        self.__module = module
        self.__source = source

    def __getattr__(self, name: str) -> Any:
        try:
            return vars(self.__module)[name]
        except KeyError:
            raise CheckFailed(_missing(name, vars(self.__module))) from None

    def __selfcheck_source__(self) -> str:
        """The text of the submission, for the checks that read it."""
        return self.__source


def load_checks(path: Path) -> list[Check]:
    """Execute a `checks.py` and collect its checks in the order of the file.

    Raises:
        ValueError: it has no check, or two of one name.
    """
    module = types.ModuleType(_MODULE)
    module.__file__ = str(path)
    sys.modules[_MODULE] = module
    source = path.read_text(encoding="utf-8")
    exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
    found = [
        Check(mark.name, mark.section, value)
        for value in vars(module).values()
        if isinstance(mark := getattr(value, "__selfcheck__", None), Mark)
    ]
    names = [check.name for check in found]
    if not found or len(set(names)) < len(names):
        raise ValueError(
            f"{path}: expected one function or more with @check and a name of its "
            f"own, got {names or 'none'}"
        )
    return found


def judge(job: dict[str, Any], folder: Path, report: Report) -> None:
    """Run the submission of `job`, then every check, reporting each at once.

    With `until_failure` in the job no check runs behind the first one that fails.
    """
    given = job.get("seed")
    bind(secrets.randbits(32) if given is None else given)
    checks = load_checks(Path(job["checks"]))
    report.send(plan=[[check.name, check.section] for check in checks])
    own = own_modules()
    guard = prepare(tuple(job["guarded"]))
    guard.add([*job["guarded"], *own, _MODULE])
    _hide([*own, _MODULE, "__main__"])
    forbid_forks()
    module = run_source(job["source"], folder, report, name="submission")
    submission = Submission(module, job["source"])
    # Before the checks and after them: a submission's function may do it when called.
    _refuse_replaced(guard, report)
    path = str(folder / FILENAME)
    enough = False
    for check in checks:
        if enough:
            report.send(check=check.name, ok=False, message="did not run")
            continue
        report.send(start=check.name)
        message = _message_of(check, submission, path, job["checks"])
        report.send(check=check.name, ok=message is None, message=message or "")
        enough = message is not None and bool(job.get("until_failure"))
    _refuse_replaced(guard, report)
    report.send(done=True)


def _refuse_replaced(guard: Guard, report: Report) -> None:
    name = guard.replaced()
    if name is None:
        return
    report.send(
        refused=f"The program replaces `{name}`, which the checks and libraries rely "
        "on. Leave it as it is: define what you need under a name of your own."
    )
    raise Stopped


def _hide(names: list[str]) -> None:
    """Take the grader's modules out of what a submission can import by name."""
    for name in names:
        sys.modules.pop(name, None)
    sys.modules["__main__"] = types.ModuleType("__main__")


def _message_of(
    check: Check, submission: Submission, path: str, checks: str
) -> str | None:
    """None when the check holds, else what it says."""
    me = process_id()
    try:
        check.function(submission)
    except BaseException as error:
        leave_if_copy(me)
        return _failure(error, path, checks)
    leave_if_copy(me)
    return None


def _failure(error: BaseException, path: str, checks: str) -> str:
    """What an exception in a check says to the author of the submission in `path`."""
    if isinstance(error, CheckFailed):
        # A check that fails while something is traced speaks through AutoGraph.
        told_so = traced.read(str(error))
        return shorten(told_so.cause if told_so else str(error))
    told = describe(error, path)
    name = told["type"]
    if told["line"] is None and not isinstance(error, SystemExit):
        frames = traceback.extract_tb(error.__traceback__)
        code = [frame.line for frame in frames if frame.filename == checks][-1]
        if isinstance(error, AssertionError):
            return told["message"] or f"expected this to hold: {code}"
        return f"{name} while the check ran `{code}`: {told['message']}"
    if isinstance(error, SystemExit):
        what = "the program ended itself (`sys.exit`) while it was being checked"
    else:
        what = f"your code raised {name}: {told['message']}".rstrip(": ")
    where = f"\nin line {told['line']}: {told['code']}" if told["line"] else ""
    return f"{what}{where}"


def _missing(name: str, namespace: dict[str, Any]) -> str:
    """The message for a name that the submission does not define."""
    own = sorted(
        key
        for key, value in namespace.items()
        if not key.startswith("_") and not isinstance(value, types.ModuleType)
    )
    close = difflib.get_close_matches(name, own, 1)
    hint = f" Is `{close[0]}` meant to be `{name}`?" if close else ""
    defined = ", ".join(f"`{key}`" for key in own) or "no name at all"
    return f"expected the program to define `{name}`, it defines {defined}.{hint}"
