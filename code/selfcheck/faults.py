"""What went wrong inside a program, told by its own lines alone."""

from __future__ import annotations

import linecache
import os
import traceback
from typing import Any

from selfcheck import traced

_LONGEST = 4000


def shorten(text: str, longest: int = _LONGEST) -> str:
    """`text`, with its middle left out when it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}\n… {len(text) - 2 * half} characters …\n{text[-half:]}"


def describe(error: BaseException, filename: str) -> dict[str, Any]:
    """A JSON-able account of `error` as seen from the program in file `filename`.

    `line` and `code` point at the innermost line of the program itself, in a traced
    function, too; `trace` is the traceback without the frames of libraries and of
    the grader.
    """
    name, message = type(error).__name__, _message_of(error)
    if isinstance(error, SyntaxError) and error.filename == filename:
        line, code = error.lineno, (error.text or "").strip()
        trace = "".join(traceback.format_exception_only(error))
    else:
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == filename
        ]
        if told := traced.read(message):
            name, message = told.kind or name, told.cause
            frames = _joined(frames, told, filename)
        line = frames[-1].lineno if frames else None
        code = linecache.getline(filename, line).strip() if line else ""
        trace = "".join(
            [
                "Traceback (most recent call last):\n" if frames else "",
                *traceback.format_list(frames),
                f"{name}: {message}\n",
            ]
        )
    return {
        "type": name,
        "bases": [base.__name__ for base in type(error).__mro__],
        "message": shorten(_without_folder(message, filename)),
        "line": line,
        "code": code,
        "trace": shorten(_without_folder(trace, filename)),
    }


def _joined(
    frames: list[traceback.FrameSummary], told: traced.Traced, filename: str
) -> list[traceback.FrameSummary]:
    """The program's lines up to the traced function, then those inside it.

    Where a graph was traced by the call that failed, the message repeats the way.
    """
    inner = [
        traceback.FrameSummary(filename, line.number, line.function)
        for line in told.lines
        if line.file == filename
    ]
    known = {(frame.lineno, frame.name) for frame in inner}
    return [f for f in frames if (f.lineno, f.name) not in known] + inner


def _without_folder(text: str, filename: str) -> str:
    """`text` with the file named as its author knows it."""
    name = os.path.basename(filename)
    folder = filename.removesuffix(name)
    return text.replace(folder, "") if folder else text


def _message_of(error: BaseException) -> str:
    """str(error), which a program may have made to fail as well."""
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg)
        text = str(error)
        if isinstance(error, KeyError) and len(error.args) == 1:
            # AutoGraph's has a message of its own, with the way to the error in it.
            return text if traced.read(text) else f"no key {error.args[0]!r}"
        return text
    except Exception:
        return "(its message cannot be shown)"
