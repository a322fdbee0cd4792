"""What a page of the book may run: its own files and what it was built with.

The page shares its origin with kernels, so anything it runs can run programs. Inline
scripts and event handlers are therefore allowed by the hash of their text: those that
the theme wrote are in the page when it is built, and one that gets in later, inside a
kernel's output for instance, has another hash.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

_SCRIPT_TYPES = {"", "text/javascript", "application/javascript", "module"}


class _Inline(HTMLParser):
    """Collects the inline scripts and event handlers of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self.handlers: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember event handlers, and whether a script with a body begins."""
        values = {name.lower(): value or "" for name, value in attrs}
        self.handlers += [v for name, v in values.items() if name.startswith("on")]
        kind = values.get("type", "").strip().lower()
        self._open = tag == "script" and "src" not in values and kind in _SCRIPT_TYPES
        if self._open:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        """Collect the text of a script."""
        if self._open:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        """End the script."""
        self._open = False


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def inline_hashes(html: str) -> tuple[frozenset[str], frozenset[str]]:
    """The hashes of a page's inline scripts, and of its event handlers."""
    page = _Inline()
    page.feed(html)
    page.close()
    scripts = frozenset(_hash(script) for script in page.scripts if script.strip())
    return scripts, frozenset(map(_hash, page.handlers))


@lru_cache(maxsize=512)
def _hashes_of(path: Path, _: int) -> tuple[frozenset[str], frozenset[str]]:
    return inline_hashes(path.read_text(encoding="utf-8", errors="replace"))


def _hashes(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The hashes of a file as it is now."""
    return _hashes_of(path, path.stat().st_mtime_ns)


def script_sources(path: Path) -> str:
    """The value of script-src that lets a page run what it was built with.

    The search page reads the pages that it finds into itself, with their handlers.
    """
    scripts, handlers = _hashes(path)
    if path.name == "search.html":
        found = (_hashes(page)[1] for page in sorted(path.parent.rglob("*.html")))
        handlers = handlers.union(*found)
    unsafe = ["'unsafe-hashes'"] if handlers else []
    return " ".join(["'self'", *unsafe, *sorted(scripts | handlers)])


def policy(path: Path | None, host: str) -> str:
    """The Content-Security-Policy of a file of the book.

    Args:
        path: the file; None for an answer that is none.
        host: host and port under which the page is served, for its websockets.
    """
    scripts = "'self'"
    if path is not None and path.suffix == ".html":
        scripts = script_sources(path)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' ws://{host} wss://{host}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )
