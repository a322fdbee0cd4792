"""The coding question: editor, example, grading, and what is said without a grader.

The grader is a stand-in here; tests/browser/test_server.py asks the real one.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from . import fakes
from .conftest import PROGRAM


@pytest.fixture
def writer(take, graded):
    """A reader at the coding question of a page whose server grades."""

    def begin(path: str = "/book/toy.html"):
        reader = take(graded.address + path)
        reader.start()
        while reader.item["type"] != "code":
            reader.onward()
        reader.question.locator(".cm-content").wait_for()
        return reader

    return begin


def test_a_page_asks_its_server_nothing_before_a_click(writer, graded):
    reader = writer()
    assert (graded.pings, graded.posts) == (0, [])
    reader.button("Run example").click()
    expect(reader.verdict).to_contain_text("The example ran.")
    assert graded.pings == 1


def test_example_runs_without_using_a_submission(writer, graded):
    reader = writer()
    reader.write(PROGRAM)
    reader.button("Run example").click()
    expect(reader.verdict).to_be_focused()
    expect(reader.verdict).to_contain_text("42")
    expect(reader.quiz).to_contain_text("5 graded submissions left")
    assert graded.posts == [{"item": f"toy/{reader.item['id']}", "source": PROGRAM}]


def test_wrong_program_is_told_its_failing_check_and_may_try_again(writer):
    reader = writer()
    said = reader.grade("def double(x):\n    return 5\n")
    expect(said).to_contain_text("Not right.")
    expect(said).to_contain_text("expected 4 for x = 2, got 5")
    expect(said.locator(".sc-checks")).to_contain_text("doublesfails")
    expect(said.get_by_role("link", name="Counting")).to_have_attribute(
        "href", "#toy-count"
    )
    expect(reader.quiz).to_contain_text("4 graded submissions left")


def test_right_program_settles_the_question_and_survives_a_reload(writer):
    reader = writer()
    expect(reader.grade(PROGRAM)).to_contain_text("DISCUSSION")
    entry = next(e for e in reader.attempt()["items"] if "code" in e["id"])
    assert (entry["state"], entry["points"]) == ("right", 1)
    assert entry["tries"][0]["answer"] == {"source": PROGRAM}
    reader.page.reload()
    expect(reader.verdict).to_contain_text("Checks: 1 of 1 hold")
    expect(reader.question.locator(".cm-content")).to_contain_text("return x + x")


def test_five_wrong_programs_use_the_question_up_and_its_discussion_stays_closed(
    writer,
):
    reader = writer()
    for n in range(5):
        reader.grade(f"def double(x):\n    return {n}\n")
    expect(reader.button("Grade")).to_have_count(0)
    entry = next(e for e in reader.attempt()["items"] if "code" in e["id"])
    assert (entry["state"], len(entry["tries"])) == ("wrong", 5)
    assert "DISCUSSION" not in reader.page.content()


def test_a_refused_program_uses_no_submission(writer):
    reader = writer()
    expect(reader.grade("# refuse\n")).to_contain_text("no submission is used up")
    expect(reader.quiz).to_contain_text("5 graded submissions left")


def test_a_record_of_another_version_is_not_taken_for_a_verdict(writer):
    reader = writer()
    reader.write("# old\n")
    reader.button("Grade").click()
    expect(reader.quiz).to_contain_text("Build the book again")
    expect(reader.quiz).to_contain_text("5 graded submissions left")


def test_starter_can_be_had_back(writer):
    reader = writer()
    reader.write("nothing")
    reader.button("Back to the starter").click()
    expect(reader.question.locator(".cm-content")).to_contain_text("def double(x):")


def test_focus_stays_where_it_was_while_the_editor_arrives(visit, take, graded):
    page = visit("about:blank")
    page.route(re.compile("selfcheck-kernel"), slowly)
    page.goto(f"{graded.address}/book/toy.html")
    reader = type(take(f"{graded.address}/book/toy.html"))(page, "toy", {})
    reader.start()
    while reader.item["type"] != "code":
        reader.onward()
    expect(reader.question.locator("textarea")).to_be_visible()
    expect(reader.question.locator("legend")).to_be_focused()
    expect(reader.question.locator(".cm-content")).to_be_visible()
    expect(reader.question.locator("legend")).to_be_focused()


def slowly(route) -> None:
    time.sleep(1)
    route.continue_()


def test_button_that_finds_no_grader_keeps_the_focus(take, toy_url):
    reader = take(toy_url)
    reader.start()
    while reader.item["type"] != "code":
        reader.onward()
    reader.button("Grade").click()
    expect(reader.button("Grade")).to_be_focused()
    expect(reader.question).to_contain_text("This question waits for a kernel.")


def test_tab_leaves_the_editor(writer):
    reader = writer()
    reader.question.locator(".cm-content").focus()
    reader.page.keyboard.press("Tab")
    expect(reader.button("Run example")).to_be_focused()


def test_shift_enter_runs_the_example(writer, graded):
    reader = writer()
    reader.write(PROGRAM)
    reader.page.keyboard.press("Shift+Enter")
    expect(reader.verdict).to_contain_text("42")


def test_a_server_that_lost_the_login_says_how_to_come_back(writer, graded):
    reader = writer()
    graded.status = 403
    reader.write(PROGRAM)
    reader.button("Grade").click()
    expect(reader.quiz).to_contain_text("does not know this browser any more")
    expect(reader.question.locator(".cm-content")).to_contain_text("return x + x")
    graded.status = 200
    expect(reader.grade(PROGRAM)).to_contain_text("Right.")


def test_a_server_that_went_away_is_said_and_the_program_is_kept(take, toy_site):
    with fakes.serving(toy_site) as state:
        reader = take(f"{state.address}/book/toy.html")
        reader.start()
        while reader.item["type"] != "code":
            reader.onward()
        reader.write(PROGRAM)
    reader.button("Grade").click()
    expect(reader.quiz).to_contain_text("This question waits for a kernel.")
    expect(reader.question.locator(".cm-content")).to_contain_text("return x + x")


def test_a_static_host_explains_how_to_get_a_kernel(take, graded, visit):
    reader = take(f"{graded.address}/toy.html")  # not under /book/: nobody to ask
    reader.start()
    while reader.item["type"] != "code":
        reader.onward()
    expect(reader.question).to_contain_text("This question waits for a kernel.")
    expect(reader.question).to_contain_text("make serve")
    assert graded.pings == 0


def test_textarea_serves_where_the_editor_cannot_be_loaded(visit, take, graded):
    page = visit("about:blank")
    page.route(re.compile("selfcheck-kernel"), lambda route: route.abort())
    page.goto(f"{graded.address}/book/toy.html")
    reader = type(take(f"{graded.address}/book/toy.html"))(page, "toy", {})
    reader.start()
    while reader.item["type"] != "code":
        reader.onward()
    area = reader.question.get_by_label("Your program")
    area.fill(PROGRAM)
    reader.button("Grade").click()
    expect(reader.verdict).to_contain_text("Right.")


def test_quiz_is_passed_with_a_right_program(take, graded):
    reader = take(f"{graded.address}/book/toy.html")
    reader.start()
    reader.take(wrong=1)
    expect(reader.quiz.locator(".sc-result")).to_contain_text("Passed. 7 of 8 points")
