"""One line that says how far a preparation is, and that is gone when it is done."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.2  # seconds between two updates of the line


def shown() -> bool:
    """Tell whether somebody watches: a terminal, or a notebook.

    INSIDETF_PROGRESS=0 keeps the line away, as in the executed pages of the book.
    """
    if os.environ.get("INSIDETF_PROGRESS") == "0":
        return False
    return sys.stderr.isatty() or "ipykernel" in sys.modules


def counted(name: str, items: Iterable[T], done: int, total: int) -> Iterator[T]:
    """Yield the items, and show how many of all have been, `done` of them before."""
    last, written, watched = 0.0, 0, shown()
    for item in items:
        yield item
        done += 1
        now = time.monotonic()
        if watched and now - last > PAUSE:
            line = f"Drawing {name}: {done} of {total} pictures"
            print(f"\r{line:<{written}}", end="", file=sys.stderr, flush=True)
            last, written = now, len(line)
    if written:
        print(f"\r{'':<{written}}\r", end="", file=sys.stderr, flush=True)
