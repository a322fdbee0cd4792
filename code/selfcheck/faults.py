"""What went wrong inside a program, told by its own lines alone."""

from __future__ import annotations

import linecache
import os
import traceback
from typing import Any

_LONGEST = 4000


def shorten(text: str, longest: int = _LONGEST) -> str:
    """`text`, with its middle left out when it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}\n… {len(text) - 2 * half} characters …\n{text[-half:]}"


def describe(error: BaseException, filename: str) -> dict[str, Any]:
    """A JSON-able account of `error` as seen from the program in file `filename`.

    `line` and `code` point at the innermost line of the program itself, `trace` is
    the traceback without the frames of libraries and of the grader.
    """
    message = _message_of(error)
    if isinstance(error, SyntaxError) and error.filename == filename:
        line, code = error.lineno, (error.text or "").strip()
        trace = "".join(traceback.format_exception_only(error))
    else:
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == filename
        ]
        line = frames[-1].lineno if frames else None
        code = linecache.getline(filename, line).strip() if line else ""
        trace = "".join(
            [
                "Traceback (most recent call last):\n" if frames else "",
                *traceback.format_list(frames),
                f"{type(error).__name__}: {message}\n",
            ]
        )
    return {
        "type": type(error).__name__,
        "bases": [base.__name__ for base in type(error).__mro__],
        "message": shorten(_without_folder(message, filename)),
        "line": line,
        "code": code,
        "trace": shorten(_without_folder(trace, filename)),
    }


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
        if isinstance(error, KeyError) and len(error.args) == 1:
            return f"no key {error.args[0]!r}"
        return str(error)
    except Exception:
        return "(its message cannot be shown)"
