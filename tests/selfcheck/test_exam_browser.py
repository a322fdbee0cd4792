"""An exam over two pools in a browser, opened from disk."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.selfcheck.sphinx_book import Book

from selfcheck import bundle


def in_chromium(address: str, look) -> list[str]:
    """Open a page from disk, let `look` use it; return what it saw, and errors."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=flags
        )
        page = browser.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        seen = look(page)
        browser.close()
    return [*seen, *errors]


@pytest.fixture
def opened(term: Book, monkeypatch: pytest.MonkeyPatch):
    """Return a function that looks at a page of the book, built with real scripts."""
    if not shutil.which("chromium"):
        pytest.skip("no Chromium found")
    monkeypatch.setattr(bundle, "DIST", bundle.WEB / "dist")
    bundle.ensure()
    term.build()

    def look_at(name: str, look) -> list[str]:
        address = (term.out / f"{name}.html").as_uri()
        # In a thread of its own: Playwright may be in use in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(in_chromium, address, look).result()

    return look_at


def take_the_exam(page) -> list[str]:
    """Answer all closed questions rightly; return the pools and the result."""
    from tests.browser.taker import Taker

    quiz = Taker(page, "half-term", {})
    quiz.start()
    pools = {quiz.items[name]["pool"] for name in quiz.drawn()}
    quiz.take(code=False)
    return [*sorted(pools), quiz.quiz.locator(".sc-result").inner_text()]


@pytest.mark.browser
def test_an_exam_asks_and_judges_the_questions_of_both_pools(opened):
    *pools, result = opened("last", take_the_exam)
    assert pools == ["tiny", "toy"]
    assert "Not passed. 6 of 7 points" in " ".join(result.split())


def begin(page) -> list[str]:
    page.locator(".sc-quiz .sc-primary").click()
    page.get_by_text("could not be loaded").wait_for()
    return [page.locator(".sc-notes").inner_text()]


@pytest.mark.browser
def test_answers_of_another_build_are_refused(term: Book, opened):
    path = term.out / "_static/selfcheck/answers/tiny.js"
    script = path.read_text(encoding="utf-8")
    path.write_text(re.sub('"salt":"[0-9a-f]+"', '"salt":"5a17"', script))
    (said,) = opened("last", begin)
    assert "answers/tiny.js" in said and "holds other questions than this page" in said
    assert "load the page again" in said
