"""The built book in a browser: from disk, and on its own server with TensorFlow."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import looks, servers
from .conftest import CHAPTER
from .taker import Taker

ROOT = Path(__file__).parents[2]
POOLS = ROOT / "book" / "quizzes"
SLUG = "tape"

pytestmark = pytest.mark.book


def programs() -> dict[str, str]:
    """A right program for each coding question of the chapter."""
    found = (POOLS / SLUG).glob("*/right/reference.py")
    return {path.parents[1].name: path.read_text("utf-8") for path in found}


@pytest.fixture(scope="module")
def server(browser, book):
    with servers.book_server(book, POOLS) as running:
        yield running


@pytest.fixture
def chapter(visit, server):
    """The chapter on its server; nothing but this server may be asked."""
    return visit(server.enter(CHAPTER))


def test_every_page_opens_from_disk_without_asking_another_host(visit, book):
    for path in sorted([book / "index.html", *book.glob("book/*.html")]):
        page = visit(path.as_uri())
        expect(page.locator("main h1:visible").first).to_be_visible()


def test_chapter_from_disk_offers_the_ways_to_a_kernel(visit, book):
    page = visit((book / CHAPTER).as_uri())
    page.get_by_role("button", name="Run live").click()
    expect(page.locator(".sc-live")).to_contain_text("make serve")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(visit, book, theme):
    for path in sorted([*book.glob("book/*.html"), book / "search.html"]):
        page = visit(path.as_uri(), color_scheme=theme)
        assert looks.complaints(page, ["html"]) == [], path.name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_chapter_fits_a_phone_and_our_parts_pass_axe(visit, book, theme):
    page = visit(
        (book / CHAPTER).as_uri(),
        viewport={"width": 390, "height": 844},
        color_scheme=theme,
    )
    assert looks.overflow(page) <= 0
    assert looks.complaints(page, [".sc-quiz", ".sc-live"]) == []


def test_live_cells_run_tensorflow_and_show_a_figure(chapter):
    plots = chapter.locator("div.cell:has(.cell_input):has(.cell_output img)").first
    cell = plots.element_handle()
    chapter.get_by_role("button", name="Run live").click()
    expect(chapter.locator(".sc-live")).to_contain_text("kernel ready", timeout=60_000)
    details = cell.query_selector("details:not([open]) > summary")
    if details:
        details.click()
    cell.query_selector('button:has-text("Run to here")').click()
    chapter.wait_for_function(
        "cell => ['ok', 'error', 'aborted', 'lost'].includes(cell.dataset.live)",
        arg=cell,
        timeout=120_000,
    )
    assert cell.get_attribute("data-live") == "ok", cell.inner_text()
    picture = cell.query_selector('img[alt^="Output of the cell"]')
    assert picture.evaluate("image => image.naturalWidth") > 100
    ran = chapter.locator('div.cell[data-live="ok"]')
    assert any("tensorflow" in text for text in ran.all_text_contents())
    assert looks.complaints(chapter, [".sc-live", ".sc-cell-tools"]) == []


def test_quiz_is_failed_retaken_reloaded_in_the_middle_and_passed(chapter):
    reader = Taker(chapter, SLUG, programs())
    reader.start()
    first = reader.drawn()
    reader.take(wrong=7, code=False)
    expect(reader.quiz.locator(".sc-result")).to_contain_text("Not passed")
    expect(reader.quiz.locator(".sc-missed a").first).to_be_visible()
    reader.start()
    second = reader.drawn()
    assert len(first) == len(second) == 8
    assert not set(first) & set(second)
    for _ in range(4):
        if reader.item["type"] != "code":
            reader.answer(right=True)
        reader.onward()
    stored, shown = reader.stored(), reader.shown()
    chapter.reload()
    assert (reader.stored(), reader.shown()) == (stored, shown)
    while reader.attempt()["finished"] is None:
        if reader.item["type"] == "code":
            fails_then_passes(reader)
        else:
            reader.answer(right=True)
        reader.onward()
    expect(reader.quiz.locator(".sc-result")).to_contain_text("Passed. 8 of 8 points")


def fails_then_passes(reader: Taker) -> None:
    """Submit a program that is wrong, one that crashes, and one that is right."""
    name = reader.item["id"]
    wrong = sorted((POOLS / SLUG / name / "wrong").glob("*.py"))[0]
    said = reader.grade(wrong.read_text("utf-8"))
    expect(said).to_contain_text("Not right.")
    expect(said.locator(".sc-message")).not_to_be_empty()
    said = reader.grade("import os\nos.abort()\n")
    expect(said).to_contain_text("took its process down")
    assert "Right." in reader.grade(reader.programs[name]).inner_text()


def test_answers_are_loaded_when_a_quiz_is_begun_and_not_before(visit, book):
    page = visit((book / CHAPTER).as_uri())
    start = page.get_by_role("button", name="Start the quiz")
    start.scroll_into_view_if_needed()
    assert page.evaluate("window.selfcheckAnswers") is None
    start.click()
    page.locator(".sc-question").wait_for()
    assert page.evaluate("Object.keys(window.selfcheckAnswers)") == ["tape"]


def test_answers_out_of_reach_are_said_and_asked_for_again(chapter):
    page = chapter
    page.route("**/answers/**", lambda route: route.abort())
    start = page.get_by_role("button", name="Start the quiz")
    start.click()
    page.get_by_text("could not be loaded").wait_for()
    page.unroute("**/answers/**")
    start.click()
    page.locator(".sc-question").wait_for()
