"""A part exam in the page: questions, seals, and sections of several pools."""

import pytest
from playwright.sync_api import expect

from . import toy_exam


@pytest.fixture
def exam(take, graded):
    """A reader of the exam, on a server with a stand-in for the grader."""
    return lambda: take(f"{graded.address}/book/exam.html", toy_exam.SLUG)


def test_exam_asks_questions_of_all_its_pools_and_can_be_passed(exam, graded):
    reader = exam()
    expect(reader.quiz).to_contain_text("13 questions, drawn from a pool of 24")
    reader.start()
    reader.take()
    expect(reader.quiz.locator(".sc-result")).to_contain_text("Passed. 13 of 13 points")
    drawn = reader.drawn()
    assert {toy_exam.pool_of(name) for name in drawn} == set(toy_exam.SALTS)
    codes = [name for name in drawn if "code" in name]
    assert sorted(post["item"] for post in graded.posts) == sorted(
        f"{toy_exam.pool_of(name)}/{name}" for name in codes
    )


def test_questions_of_an_exam_are_loaded_when_it_is_begun_and_not_before(visit, graded):
    page = visit(f"{graded.address}/book/exam.html")
    assert page.evaluate("window.selfcheckAnswers") is None
    page.get_by_role("button", name="Start the exam").click()
    page.locator(".sc-question").wait_for()
    assert page.evaluate("Object.keys(selfcheckAnswers).sort()") == ["left", "right"]


def test_missed_objectives_of_an_exam_lead_to_the_pages_of_its_pools(exam):
    reader = exam()
    reader.fail_round()
    sections = reader.quiz.locator(".sc-sections a")
    addresses = {link.get_attribute("href") for link in sections.all()}
    assert addresses == {
        f"{pool}.html#toy-{name}"
        for pool in toy_exam.SALTS
        for name in ("count", "order")
    }
    assert len(reader.stored()["gate"]["sections"]) == 4
    sections.filter(has_text="Counting, left").click()
    expect(reader.page).to_have_title("A toy chapter")
    assert reader.page.url.endswith("left.html#toy-count")
    reader.page.go_back()
    ticked = reader.quiz.locator(".sc-sections > li", has_text="Counting, left")
    expect(ticked).to_contain_text("Counting, leftopened")


def test_wrong_answer_in_an_exam_points_to_the_page_of_its_pool(exam):
    reader = exam()
    reader.start()
    reader.seek("choice")
    pool = toy_exam.pool_of(reader.item["id"])
    reader.answer(right=False)
    expect(reader.verdict).to_contain_text("REFUTED-BY-ZERO")
    link = reader.verdict.get_by_role("link")
    assert (link.get_attribute("href") or "").startswith(f"{pool}.html#toy-")


def test_questions_out_of_reach_are_said_and_nothing_is_lost(visit, graded):
    page = visit(f"{graded.address}/book/exam.html")
    page.get_by_role("button", name="Start the exam").click()
    page.get_by_role("button", name="Later; next question").click()
    place = page.locator("legend").text_content()
    page.route("**/answers/right.js*", lambda route: route.abort())
    page.reload()
    expect(page.locator(".sc-notes")).to_contain_text("could not be loaded")
    page.unroute("**/answers/right.js*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("legend")).to_have_text(place or "")


def test_gate_stands_on_the_first_screen_too_while_questions_are_out_of_reach(exam):
    reader = exam()
    reader.fail_round()
    reader.page.route("**/answers/*.js*", lambda route: route.abort())
    reader.page.reload()
    expect(reader.quiz.locator(".sc-notes")).to_contain_text("could not be loaded")
    gate = reader.quiz.get_by_role("group", name="Before the next round")
    expect(gate.get_by_role("link")).to_have_count(4)
    reader.page.unroute("**/answers/*.js*")
    reader.button("Try again").click()
    expect(reader.quiz.locator(".sc-result")).to_be_visible()
    reader.page.route("**/answers/*.js*", lambda route: route.abort())
    reader.page.reload()
    expect(reader.button("Start a new round")).to_have_attribute(
        "aria-disabled", "true"
    )
