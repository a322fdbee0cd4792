"""Texts of a pool on a terminal: MyST as plain text, and a little color."""

import os
import re
import shutil
import sys
import textwrap
from typing import TextIO

_ROLE = re.compile(r"\{[a-z][a-z0-9:_-]*\}`([^`]+)`")
_TARGET = re.compile(r"^(.+?)\s*<[^<>]+>$", re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_STYLES = {"bold": "1", "dim": "2", "right": "32", "wrong": "31", "head": "36"}


def _role(match: re.Match[str]) -> str:
    text = match[1].lstrip("~")
    target = _TARGET.match(text)
    return target[1] if target else text


def plain(text: str, width: int | None = None) -> str:
    """Return MyST as text: roles as their words, code indented, paragraphs filled.

    >>> print(plain("See {ref}`the tape <tape>`.\\n\\n```python\\nx = 1\\n```"))
    See the tape.
    <BLANKLINE>
        x = 1
    """
    width = width or min(88, shutil.get_terminal_size().columns)
    blocks: list[str] = []
    words: list[str] = []
    code: list[str] | None = None
    mark = ""
    for line in [*text.strip("\n").splitlines(), ""]:
        fence = _FENCE.match(line)
        if code is not None and fence and fence[1].startswith(mark):
            blocks.append(textwrap.indent("\n".join(code), "    "))
            code = None
        elif code is not None:
            code.append(line)
        elif fence or not line.strip():
            if words:
                filled = _ROLE.sub(_role, " ".join(words))
                blocks.append(textwrap.fill(filled, width, break_on_hyphens=False))
            words = []
            code, mark = ([], fence[1]) if fence else (None, "")
        else:
            words.append(line.strip())
    return "\n\n".join(blocks)


def item(mark: str, text: str) -> str:
    """Return an option with its mark: `a)` and the text beside it."""
    body = plain(text, min(84, shutil.get_terminal_size().columns - 4))
    return f"{mark} " + textwrap.indent(body, " " * (len(mark) + 1)).lstrip()


def style(text: str, name: str, stream: TextIO | None = None) -> str:
    """Return a text in one of the styles where the stream shows them."""
    stream = stream or sys.stdout
    if not stream.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{_STYLES[name]}m{text}\033[0m"
