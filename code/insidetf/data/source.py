"""Where data comes from, where it is kept, and what to do when it is missing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SOURCES = ("local", "full")


class DataUnavailableError(RuntimeError):
    """Data that cannot be had here: what was wanted, why not, and the ways out."""

    def __init__(self, wanted: str, why: object, ways: list[str]) -> None:
        reason = " ".join(str(why).split()) or type(why).__name__
        if isinstance(why, BaseException):
            reason = f"{type(why).__name__}: {reason}"
        lines = [f"Wanted {wanted}, and could not get it.", f"Reason: {reason[:500]}"]
        super().__init__("\n".join([*lines, "Ways out:", *(f"  - {w}" for w in ways)]))
        self.wanted = wanted


def choose_source(source: str | None) -> str:
    """Return `source`, or what the environment variable INSIDETF_SOURCE says.

    Raises:
        ValueError: when that is neither "local" nor "full".

    >>> choose_source("full")
    'full'
    """
    chosen = source or os.environ.get("INSIDETF_SOURCE") or "local"
    if chosen not in SOURCES:
        given = "source" if source else "INSIDETF_SOURCE"
        raise ValueError(f"{given} is {chosen!r}; expected one of {SOURCES}")
    return chosen


def data_dir() -> Path:
    """Return the folder where prepared and downloaded data is kept.

    It is INSIDETF_DATA where that is set, else `insidetf` in the user's cache folder:
    one place for all chapters, which survives `make clean`.
    """
    if chosen := os.environ.get("INSIDETF_DATA"):
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "insidetf"
    caches = os.environ.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path.home() / ".cache") / "insidetf"
