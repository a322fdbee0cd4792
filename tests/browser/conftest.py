"""A Chromium, pages that may ask no other host, and sites to open in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from . import fakes, toy, toy_exam
from .taker import Taker

# Debian's browser, in a container, quiet: what it asks for is what the page asked for.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
BOOK = Path(__file__).parents[2] / "_build" / "html"
CHAPTER = "book/tape.html"
HERE = Path(__file__).parent

PROGRAM = "def double(x):\n    return x + x\n"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for a page as a browser test."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if HERE in item.path.parents and "browser" in names:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; the tests are skipped where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium found (looked for {', '.join(NAMES)})")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


class Visit:
    """A page and what went wrong in it: other hosts asked, errors thrown."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        page.on("request", lambda request: self.hosts.add(host(request.url)))
        page.on("websocket", lambda socket: self.hosts.add(host(socket.url)))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def own(self, *allowed: str) -> None:
        """Fail when the page asked a host that is not `allowed`, or threw."""
        others = self.hosts - {"", *allowed}
        assert not others, f"expected no request to another host, got {others}"
        assert not self.errors, self.errors


def host(url: str) -> str:
    """The host and port of an address; empty for file:, data: and blob:."""
    parts = urlsplit(url)
    return "" if parts.scheme in ("file", "data", "blob") else parts.netloc


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a fresh browser profile: `visit(url, **context options)`."""
    visits: list[Visit] = []

    def open_page(url: str, hosts: tuple[str, ...] = (), **options) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 900})
        page = browser.new_context(**options).new_page()
        page.set_default_timeout(15_000)
        visits.append(seen := Visit(page))
        seen.allowed = hosts  # type: ignore[attr-defined]
        page.goto(url)
        return page

    yield open_page
    for seen in visits:
        seen.page.context.close()
        start = host(seen.page.url)
        seen.own(start, *seen.allowed)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def toy_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy book on disk: `toy.html`, and `exam.html` over two other pages."""
    site = tmp_path_factory.mktemp("toy")
    toy.write(site)
    toy_exam.write(site)
    (site / "index.html").write_text("<!DOCTYPE html><title>A toy book</title>")
    return site


@pytest.fixture
def toy_url(toy_site: Path) -> str:
    """The toy page opened from disk."""
    return (toy_site / "toy.html").as_uri()


@pytest.fixture
def graded(toy_site: Path) -> Iterator[fakes.State]:
    """The toy book behind a server with a stand-in for the grader."""
    with fakes.serving(toy_site) as state:
        yield state


@pytest.fixture
def take(visit: Callable[..., Page]) -> Callable[..., Taker]:
    """Open a page and meet its quiz: `take(url)`, `take(url, slug)`."""
    programs = {f"toy-code-{n}": PROGRAM for n in range(3)}

    def open_quiz(url: str, slug: str = toy.QUIZ, **options) -> Taker:
        return Taker(visit(url, **options), slug, programs)

    return open_quiz


@pytest.fixture(scope="session")
def book() -> Path:
    """The folder of the built book; the tests are skipped before it is built."""
    if not (BOOK / CHAPTER).is_file():
        pytest.skip(f"the book is not built: no _build/html/{CHAPTER} (make book)")
    return BOOK
