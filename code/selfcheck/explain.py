"""From what happened to a program to a sentence its author can act on."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import Any, Literal

from selfcheck.settings import SandboxError

Verdict = Literal["right", "wrong", "error", "timeout", "memory", "crashed", "refused"]

_LINE = re.compile(r'File "[^"]*?(submission|example|program|setup)\.py", line (\d+)')
_TRACED = re.compile(r'__autograph_generated_\w+\.py", line \d+ in tf__(\w+)')
_NO_MEMORY = ("MemoryError", "ResourceExhaustedError")
_BAD_ALLOC = ("bad_alloc", "Cannot allocate memory", "out of memory")

_BROKEN = (
    "The grader failed, whatever the program did: the checks of this question are "
    "broken. Please report it with these lines.\n\n"
)
_ENDS: dict[str, tuple[Verdict, str]] = {
    "output": (
        "error",
        "The program printed more than 2 MiB. Does it print in a loop?",
    ),
    "processes": (
        "refused",
        "The program started more than 32 processes and was ended with all of them. "
        "A submission needs one process.",
    ),
    "lost": (
        "refused",
        "The process that watches the program was killed. Run it again; if it happens "
        "every time, the program kills processes that are not its own.",
    ),
    "cancelled": ("error", "The run was cancelled."),
}


@dataclass(frozen=True)
class Explanation:
    """`message` is a sentence or two; `detail` is the traceback where there is one."""

    verdict: Verdict
    message: str
    detail: str


def explain(
    outcome: dict[str, Any],
    *,
    timeout: float,
    memory: int,
    source: str = "",
    before: str = "its end",
) -> Explanation:
    """Why a program did not come to its end.

    Args:
        outcome: what `selfcheck.supervise.watch` returned.
        timeout: the limit that was set, in seconds.
        memory: the limit that was set, in MiB.
        source: the program's text, to show the line that was running.
        before: what the program did not reach.

    Raises:
        SandboxError: the grader failed, not the program.
    """
    for event in outcome["events"] if outcome["sealed"] else ():
        if "broken" in event:
            raise SandboxError(_BROKEN + event["broken"])
        if "refused" in event:
            return _plain("refused", event["refused"])
        if "raised" in event:
            return of_exception(event["raised"], memory=memory, before=before)
    where = _where(outcome["trace"], source)
    match outcome["end"]:
        case "timeout":
            return _plain("timeout", _timeout(timeout, where))
        case "memory":
            return _plain("memory", _memory(memory, where))
        case "signal":
            return _of_signal(outcome, timeout, memory, where)
        case "exit":
            return _of_exit(outcome, before)
    return _plain(*_ENDS[outcome["end"]])


def of_exception(
    raised: dict[str, Any], *, memory: int, before: str = "its end"
) -> Explanation:
    """The explanation of an exception, as `selfcheck.faults.describe` tells it."""
    name, text, trace = raised["type"], raised["message"], raised["trace"]
    where = _at(raised["line"], raised["code"])
    if any(base in _NO_MEMORY for base in raised["bases"]):
        message = f"{_memory(memory, where)}\n\n{name}: {_first_line(text)}"
        return Explanation("memory", message, f"{message}\n\n{trace}".rstrip())
    if "SystemExit" in raised["bases"]:
        return _plain("error", f"The program ended itself{where} before {before}.")
    if "SyntaxError" in raised["bases"]:
        message = f"This is not valid Python{where}: {text}."
    elif raised.get("where") == "example":
        message = f"The example stopped{where} with {name}: {text}"
    else:
        message = f"The program stopped{where} with {name}: {text}"
    return Explanation("error", message, trace.rstrip() or message)


def _plain(verdict: Verdict, message: str) -> Explanation:
    return Explanation(verdict, message, message)


def _of_signal(
    outcome: dict[str, Any], timeout: float, memory: int, where: str
) -> Explanation:
    number, errors = outcome["status"], outcome["stderr"] + outcome["stdout"]
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    if name == "SIGXCPU":
        return _plain("timeout", _timeout(timeout, where))
    if name == "SIGABRT" and any(mark in errors for mark in _BAD_ALLOC):
        return _plain("memory", _memory(memory, where))
    meaning = {
        "SIGSEGV": "an access to memory that is not its own",
        "SIGABRT": "a check inside a library failed",
        "SIGKILL": "the system does this when memory runs out",
        "SIGFPE": "an arithmetic error in compiled code",
    }.get(name, "")
    why = f" ({meaning})" if meaning else ""
    last = [line for line in errors.splitlines() if "Check failed" in line][-1:]
    said = f"\n\n{last[0]}" if last else ""
    text = f"The program crashed{where}: {name}{why}.{said}"
    return _plain("crashed", text)


def _of_exit(outcome: dict[str, Any], before: str) -> Explanation:
    """A process that ended without a seal that holds."""
    forged = any("seal" in event for event in outcome["events"])
    if outcome["status"] == 97 or forged:
        text = (
            "The program closed, or wrote to, files it had not opened: the grader's "
            "own channel among them. Open what you need with `open` and leave the "
            "other file descriptors alone."
        )
        return _plain("refused", text)
    text = (
        f"The program ended itself (exit status {outcome['status']}) before {before}. "
        "Remove the call that ends the process."
    )
    return _plain("error", text)


def _timeout(seconds: float, where: str) -> str:
    return f"Still running after {seconds:g} s{where}: an endless loop?"


def _memory(mebibytes: int, where: str) -> str:
    return (
        f"The program needed more memory than it may use ({mebibytes} MiB at most, "
        f"less on a small machine){where}."
    )


def _where(trace: str, source: str) -> str:
    """The place a trace of faulthandler stopped at: its first one in the program.

    Of a traced function the trace has AutoGraph's version, whose lines are others:
    there the function is told, by its name.
    """
    lines = source.splitlines()
    for row in trace.splitlines():
        if found := _LINE.search(row):
            number = int(found[2])
            own = found[1] == "submission" and number <= len(lines)
            return _at(number, lines[number - 1].strip() if own else "")
        if found := _TRACED.search(row):
            header = re.compile(rf"\s*def\s+{found[1]}\b")
            for number, line in enumerate(lines, 1):
                if header.match(line):
                    return f" in the traced function `{found[1]}` (line {number})"
    return ""


def _at(line: int | None, code: str) -> str:
    if not line:
        return ""
    return f" in line {line} (`{code}`)" if code else f" in line {line}"


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0][:300]
