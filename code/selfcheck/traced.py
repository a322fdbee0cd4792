"""Errors of traced functions: what TensorFlow's long messages have to say.

AutoGraph raises an error again with a message that begins with the lines of the
traced functions, its own included, and ends with the cause. An op that fails in a
graph brings the whole stack below which it was traced. Both hide the one line that
matters: the reader's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_USER_CODE = "in user code:"
_EXECUTION = "Graph execution error:"
_FRAME = re.compile(r' +File "(.+)", line (\d+), in (.+?)(?:  \*\*?)?$')
_DETECTED = re.compile(r"|Detected at node .*|Node: .*|<stack traces unavailable>")
_CAUSE = re.compile(r"([A-Za-z_][\w.]*): ?(.*)", re.DOTALL)
_CALL = re.compile(r" \[Op:__\w+\]$")


@dataclass(frozen=True)
class Line:
    """A line on the way to an error; `code` is empty where the message has none."""

    file: str
    number: int
    function: str
    code: str = ""


@dataclass(frozen=True)
class Traced:
    """A message taken apart: `kind` and `cause` are the error's, without the way."""

    kind: str | None
    cause: str
    lines: tuple[Line, ...]


def read(message: str) -> Traced | None:
    """Take the message of a traced function's error apart; None for another one."""
    if message.startswith(_USER_CODE):
        found = _user_code(message.splitlines()[1:])
    elif message.startswith(_EXECUTION):
        found = _execution(message.splitlines()[1:])
    else:
        return None
    inner = read(found.cause)
    if inner is None:
        return found
    kind = inner.kind or found.kind
    return Traced(kind, inner.cause, found.lines + inner.lines)


def _user_code(rows: list[str]) -> Traced:
    """AutoGraph's: lines with their code, a blank one, then `Type: message`."""
    lines: list[Line] = []
    while rows and (not rows[0] or _FRAME.match(rows[0])):
        row = rows.pop(0)
        if frame := _FRAME.match(row):
            code = rows.pop(0).strip() if rows else ""
            lines.append(Line(frame[1], int(frame[2]), frame[3], code))
    text = "\n".join(row.removeprefix("    ") for row in rows).strip()
    cause = _CAUSE.fullmatch(text)
    if cause is None:
        return Traced(None, text, tuple(lines))
    return Traced(cause[1], cause[2], tuple(lines))


def _execution(rows: list[str]) -> Traced:
    """The runtime's: for each op its name and its lines, then the message."""
    lines: list[Line] = []
    while rows:
        row = rows[0]
        if frame := _FRAME.match(row):
            lines.append(Line(frame[1], int(frame[2]), frame[3]))
        elif not (_DETECTED.fullmatch(row.strip()) or _is_code(row, lines)):
            break
        rows.pop(0)
    return Traced(None, _CALL.sub("", "\n".join(rows).strip()), tuple(lines))


def _is_code(row: str, lines: list[Line]) -> bool:
    """Whether a row shows the code of the line above it."""
    return bool(lines) and row.startswith("    ")


def in_short(error: BaseException, filename: str = "submission.py") -> str:
    """`Type: message` of an error, and the line of the program in file `filename`."""
    kind, text = type(error).__name__, str(error)
    found = read(text)
    if found is None:
        return f"{kind}: {text}"
    said = f"{found.kind or kind}: {found.cause}"
    own = [line for line in found.lines if _is(line.file, filename)]
    if own:
        said += f"\nin line {own[-1].number}: {own[-1].code}".rstrip(": ")
    return said


def _is(path: str, filename: str) -> bool:
    return re.split(r"[\\/]", path)[-1] == filename
