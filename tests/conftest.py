"""Fixtures that several rooms' tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site; tests that need it are skipped where it is not built."""
    path = ROOT / "_build" / "html"
    if not (path / "book" / "index.html").exists():
        pytest.skip("the book is not built: run `make book` first")
    return path
