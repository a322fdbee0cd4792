"""Fixtures that several rooms' tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from microtf import registry

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site; tests that need it are skipped where it is not built."""
    path = ROOT / "_build" / "html"
    if not (path / "book" / "index.html").exists():
        pytest.skip("the book is not built: run `make book` first")
    return path


@pytest.fixture(autouse=True)
def gradients_as_they_were() -> Iterator[None]:
    """Take back what a test registers, so that no other test meets it."""
    before = dict(registry._gradient_functions)
    yield
    registry._gradient_functions.clear()
    registry._gradient_functions.update(before)
