"""The reader's progress on one page: what is due, what is known, and the record."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from selfcheck import progress

from . import looks, toy_book
from .conftest import PROGRAM
from .reviewer import Reviewer

T = datetime(2026, 3, 2, 9, 0)  # a Monday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KEY = f"selfcheck:{toy_book.BOOK}"
Reading = Callable[..., Reviewer]


@pytest.fixture(scope="module")
def site(toy_site: Path) -> Path:
    """The toy site with the small book and its progress page."""
    toy_book.write(toy_site)
    return toy_site


@pytest.fixture
def read(visit, site: Path) -> Reading:
    """Open the page at a time, with the states of quizzes: `read(T, sums=state)`."""

    def open_page(at: datetime, url: str = "", options=None, **states) -> Reviewer:
        address = url or (site / toy_book.NAME).as_uri()
        page = visit("about:blank", timezone_id="UTC", **(options or {}))
        page.clock.install(time=at)
        page.goto(address)
        reader = Reviewer(page, toy_book.BOOK, {"toy-code-0": PROGRAM})
        if states:
            put(reader, toy_book.record(**states))
            page.reload()
        reader.ready()
        return reader

    return open_page


def put(reader: Reviewer, text: str) -> None:
    """Store a record behind the page's back."""
    reader.page.evaluate("([k, v]) => localStorage.setItem(k, v)", [KEY, text])


def sums(**answers: Any) -> dict[str, Any]:
    """The state after an attempt at the first quiz at T: cards of all its families."""
    return toy_book.after("sums", T, **answers)


def words(**answers: Any) -> dict[str, Any]:
    """The state after an attempt at the second quiz at T."""
    return toy_book.after("words", T, **answers)


# Before any progress


def test_page_without_progress_says_what_will_be_here_and_where_to_begin(read):
    reader = read(T)
    expect(reader.quiz).to_contain_text("There is no progress in this browser yet")
    link = reader.quiz.get_by_role("link")
    expect(link).to_have_attribute("href", "sums.html#quiz-sums")
    expect(reader.part("due")).to_be_hidden()
    expect(reader.part("record")).to_be_visible()
    assert reader.page.evaluate("window.selfcheckQuizzes") is None


def test_page_without_javascript_points_to_the_command_line(visit, site):
    page = visit((site / toy_book.NAME).as_uri(), java_script_enabled=False)
    assert "selfcheck review" in page.content()
    expect(page.locator(".sc-progress")).to_have_count(0)


def test_data_are_loaded_for_quizzes_with_progress_and_no_others(read):
    reader = read(T + HOUR, words=words())
    assert reader.page.evaluate("Object.keys(window.selfcheckQuizzes)") == ["words"]
    assert reader.page.evaluate("window.selfcheckAnswers") is None
    expect(reader.part("known").locator(".sc-rest")).to_have_text(
        "Not begun yet: Sums and loops (5 objectives), The first part."
    )


def test_data_out_of_reach_are_said_and_asked_for_again(read, site):
    reader = read(T)
    reader.page.route("**/pools/words.js", lambda route: route.abort())
    put(reader, toy_book.record(sums=sums(), words=words()))
    reader.page.reload()
    reader.ready()
    expect(reader.quiz).to_contain_text("Not everything could be loaded")
    expect(reader.part("known").locator(".sc-chapter")).to_have_count(1)
    reader.page.unroute("**/pools/words.js")
    reader.button("Try again").click()
    expect(reader.part("known").locator(".sc-chapter")).to_have_count(2)
    expect(reader.quiz).not_to_contain_text("Not everything")


# What is due


def test_a_question_answered_right_comes_back_after_1_3_7_and_21_days(read):
    reader = read(T + HOUR, words=words())
    at = T + timedelta(minutes=2)  # the later of the two answers
    for days in (1, 3, 7, 21):
        at += days * DAY
        reader.come(at - HOUR)
        expect(reader.part("due")).to_contain_text("Nothing is due now.")
        reader.come(at + HOUR)
        expect(reader.part("due")).to_contain_text("2 questions are due, from Words.")
        assert len(reader.review()) == 2
        at += HOUR
        reader.button("Back to the overview").click()
    expect(reader.part("due")).to_contain_text("Every question you met is learned")
    expect(reader.button("Review")).to_have_count(0)


def test_page_says_how_many_come_from_where_and_when_the_next_ones_come(read):
    before = toy_book.after("words", T - DAY / 2)
    reader = read(T + HOUR, sums=sums(), words=before)
    due = reader.part("due")
    expect(due).to_contain_text("Nothing is due now.")
    expect(due.locator(".sc-ahead dt")).to_have_text(["Today at 21:01", "Tomorrow"])
    expect(due.locator(".sc-ahead dd")).to_have_text(["2 questions", "5 questions"])
    reader.come(T + 13 * HOUR)
    expect(due).to_contain_text("2 questions are due, from Words.")
    reader.come(T + DAY + HOUR)
    expect(due).to_contain_text("7 questions are due: 5 from Sums and loops and 2 from")


def test_question_due_later_this_day_is_told_with_its_hour(read):
    reader = read(T + DAY - HOUR, words=words())
    ahead = reader.part("due").locator(".sc-ahead")
    expect(ahead).to_contain_text("Today at 09:01")


def test_question_that_comes_due_while_the_page_is_open_appears(read):
    reader = read(T + DAY - 3 * HOUR, words=words())
    expect(reader.part("due")).to_contain_text("Nothing is due now.")
    reader.page.clock.run_for("03:05:00")
    expect(reader.part("due")).to_contain_text("2 questions are due")


def test_sibling_is_asked_and_without_one_another_variant(read):
    before = sums()
    asked = {e["id"]: e for e in before["rounds"][0]["attempts"][0]["items"]}
    reader = read(T + DAY + HOUR, sums=before)
    reader.begin()
    seen = {}
    while reader.question.count():
        name = reader.question.get_attribute("data-item")
        seen[name] = int(reader.question.get_attribute("data-variant"))
        reader.button("Give up").click()
        reader.go_on()
    loops = {"toy-choice-0", "toy-choice-1"}
    assert loops & set(seen) == loops - set(asked)
    assert seen["toy-output-1"] == 1 - asked["toy-output-1"]["variant"]
    assert {"toy-numeric", "toy-order", "toy-code-0"} <= set(seen)


def test_wrong_answer_sends_a_question_back_to_the_start(read):
    reader = read(T + HOUR, words=words())
    at = T + HOUR
    for days in (1, 3):
        at += days * DAY + HOUR
        reader.come(at)
        reader.review()
        reader.button("Back to the overview").click()
    assert reader.card("words", "toy-text")["box"] == 2
    at += 7 * DAY + HOUR
    reader.come(at)
    reader.begin()
    while reader.item["id"] != "toy-text":
        reader.button("Later; next question").click()
    reader.answer(right=False)
    expect(reader.quiz.locator(".sc-back")).to_have_text(
        "It comes back tomorrow, from the start."
    )
    assert reader.card("words", "toy-text")["box"] == 0


def test_second_try_keeps_a_question_where_it_is(read):
    reader = read(T + DAY + HOUR, sums=sums())
    reader.begin()
    while reader.item["type"] != "output":
        reader.button("Later; next question").click()
    reader.fill(reader.wrong())
    reader.submit("Unsure")
    expect(reader.verdict).to_contain_text("One try is left")
    expect(reader.verdict).to_be_focused()
    reader.fill(reader.right())
    reader.submit("Sure")
    expect(reader.quiz.locator(".sc-back")).to_have_text(
        "It comes back after the same wait as before, tomorrow."
    )
    card = reader.card("sums", "print")
    assert (card["box"], card["entry"]["points"]) == (0, 0.5)


def test_answers_that_were_sure_and_wrong_are_asked_first(read):
    state = sums(wrong=["toy-numeric", "print"], sure=["toy-numeric"])
    reader = read(T + DAY + HOUR, sums=state)
    expect(reader.part("due")).to_contain_text(
        "You were sure of a wrong answer to one of them: it comes first."
    )
    reader.begin()
    assert reader.item["id"] == "toy-numeric"


def test_verdict_refutes_opens_the_key_and_leads_to_the_section(read):
    reader = read(T + DAY + HOUR, sums=sums())
    reader.begin()
    expect(reader.question.locator("legend")).to_be_focused()
    expect(reader.question).to_contain_text("Review, 1 of 5.")
    while reader.item["type"] != "choice":
        reader.button("Later; next question").click()
    link = reader.question.locator(".sc-prompt a")
    expect(link).to_have_attribute("href", re.compile(r"/sums\.html#here$"))
    assert "KEYREASON" not in reader.page.content()
    reader.answer(right=False)
    expect(reader.verdict).to_be_focused()
    expect(reader.verdict).to_contain_text("REFUTED-BY-ZERO")
    expect(reader.verdict).to_contain_text("KEYREASON")
    expect(reader.verdict).to_contain_text("You were sure.")
    expect(reader.verdict.get_by_role("link", name="Loops")).to_have_attribute(
        "href", re.compile(r"/sums\.html#loops$")
    )


def test_review_ends_with_its_result_and_asks_again_what_was_put_off(read):
    reader = read(T + DAY + HOUR, words=words())
    reader.begin()
    reader.button("Later; next question").click()
    reader.answer(right=False)
    reader.go_on()
    expect(reader.quiz.locator(".sc-result")).to_have_text(
        "1 question reviewed, 0 of them right. 1 question is put off."
    )
    expect(reader.quiz.locator(".sc-result")).to_be_focused()
    reader.button("Ask what was put off").click()
    expect(reader.question).to_contain_text("Review, 2 of 2.")
    reader.answer(right=True)
    reader.go_on()
    expect(reader.quiz.locator(".sc-result")).to_have_text(
        "2 questions reviewed, 1 of them right."
    )
    reader.button("Back to the overview").click()
    expect(reader.part("due").get_by_role("heading")).to_be_focused()


def test_reload_in_the_middle_of_a_review_loses_nothing(read):
    reader = read(T + DAY + HOUR, sums=sums())
    reader.begin()
    while reader.item["type"] != "output":
        reader.button("Later; next question").click()
    reader.fill(reader.wrong())
    reader.submit("Guess")
    reader.fill({"text": "half an answer"})
    place, shown = reader.question.locator("legend").inner_text(), reader.shown()
    reader.page.reload()
    expect(reader.question.locator(".sc-typed")).to_have_value("half an answer")
    assert reader.question.locator("legend").inner_text() == place
    assert reader.shown() == shown
    reader.fill(reader.right())
    reader.submit("Sure")
    reader.quiz.locator(".sc-back").wait_for()
    shown = reader.shown()
    reader.page.reload()
    expect(reader.quiz.locator(".sc-back")).to_be_visible()
    assert reader.shown() == shown
    reader.go_on()
    expect(reader.question).to_contain_text("Review, 2 of 5.")


def test_leaving_a_review_keeps_the_question_that_was_asked(read):
    reader = read(T + DAY + HOUR, sums=sums())
    reader.begin()
    name, shown = reader.item["id"], reader.shown()
    reader.button("Leave the review").click()
    reader.come(T + 2 * DAY)
    reader.begin()
    assert (reader.item["id"], reader.shown()) == (name, shown)


def test_coding_question_is_reviewed_in_the_same_panel(read, graded, site):
    url = f"{graded.address}/book/{toy_book.NAME}"
    reader = read(T + DAY + HOUR, url=url, sums=sums())
    reader.begin()
    while reader.item["type"] != "code":
        reader.button("Later; next question").click()
    said = reader.grade("def double(x):\n    return 5")
    expect(said).to_contain_text("expected 4 for x = 2, got 5")
    reader.page.reload()
    expect(reader.question.locator(".cm-content")).to_contain_text("return 5")
    expect(reader.grade(PROGRAM)).to_contain_text("DISCUSSION")
    assert [post["item"] for post in graded.posts] == ["sums/toy-code-0"] * 2
    expect(reader.quiz.locator(".sc-back")).to_have_text(re.compile("in 3 days"))
    assert reader.card("sums", "toy-code-0")["box"] == 1


def test_coding_question_without_a_kernel_can_be_put_off(read):
    reader = read(T + DAY + HOUR, sums=sums())
    reader.begin()
    while reader.item["type"] != "code":
        reader.button("Later; next question").click()
    expect(reader.question).to_contain_text("This question waits for a kernel.")
    reader.button("Leave the review").click()
    expect(reader.button("Review")).to_be_visible()


def test_answer_given_in_another_tab_is_taken_over_and_not_overwritten(read):
    one = read(T + DAY + HOUR, words=words())
    one.begin()
    page = one.page.context.new_page()
    page.goto(one.page.url)
    two = Reviewer(page, toy_book.BOOK, {})
    two.ready()
    two.begin()
    expect(two.question).to_contain_text("Review, 1 of 2.")
    two.answer(right=True)
    expect(one.quiz).to_contain_text("This question was answered in another tab")
    assert len(one.record()["quizzes"]["words"]["reviews"]) == 1
    page.close()


def test_answer_to_a_question_that_is_no_longer_asked_counts_nothing(read):
    reader = read(T + DAY + HOUR, words=words())
    reader.begin()
    family = toy_book.FAMILIES[reader.item["id"]]
    # another tab that this one has not heard of: storage events do not come here
    other = reader.record()
    other["quizzes"]["words"]["deck"][family]["entry"] = None
    put(reader, json.dumps(other))
    reader.fill(reader.right())
    reader.submit("Sure")
    expect(reader.quiz).to_contain_text("This question was answered in another tab")
    assert reader.record()["quizzes"]["words"]["reviews"] == []


def test_record_erased_elsewhere_lets_the_page_begin_anew(read):
    reader = read(T + DAY + HOUR, words=words())
    reader.begin()
    page = reader.page.context.new_page()
    page.goto(reader.page.url)
    page.evaluate("localStorage.clear()")
    expect(reader.quiz).to_contain_text("Your record was erased in this browser")
    expect(reader.quiz).to_contain_text("There is no progress in this browser yet")
    assert reader.page.evaluate(f"localStorage.getItem('{KEY}')") is None
    page.close()


def test_clock_that_was_ahead_keeps_nobody_waiting_longer_than_one_wait(read):
    reader = read(T - 300 * DAY, words=words())
    expect(reader.part("due").locator(".sc-ahead dt")).to_have_text("Tomorrow")
    reader.come(T - 299 * DAY + HOUR)
    expect(reader.part("due")).to_contain_text("2 questions are due")


# Exams


def test_family_in_two_decks_is_asked_once_and_both_cards_move(read):
    exam = toy_book.after("part", T + HOUR)
    state = sums()
    shared = set(exam["deck"]) & set(state["deck"])
    assert shared, "the exam asked no family of the quiz"
    reader = read(T + DAY + 2 * HOUR, sums=state, part=exam)
    asked = [toy_book.FAMILIES[name] for name in reader.review()]
    assert sorted(asked) == sorted(set(state["deck"]) | set(exam["deck"]))
    for family in shared - {"toy-code-0"}:
        one, two = reader.card("sums", family), reader.card("part", family)
        assert one["box"] == two["box"] == 1
        assert one["due"] == two["due"]


def test_wrong_and_sure_answer_is_an_alarm_in_every_deck_of_its_family(read):
    exam = toy_book.after("part", T + HOUR)
    shared = sorted(set(exam["deck"]) & set(sums()["deck"]))
    reader = read(T + DAY + 2 * HOUR, sums=sums(), part=exam)
    reader.begin()
    while toy_book.FAMILIES[reader.item["id"]] != shared[0]:
        reader.button("Later; next question").click()
    reader.answer(right=False)
    for quiz in ("sums", "part"):
        card = reader.card(quiz, shared[0])
        assert (card["alarm"], card["box"]) == (True, 0), quiz


def test_question_of_an_exam_loads_the_answers_of_its_own_pool_alone(read):
    reader = read(T + DAY + HOUR, part=toy_book.after("part", T))
    reader.begin()
    pool = reader.item["pool"]
    assert reader.page.evaluate("Object.keys(window.selfcheckAnswers)") == [pool]
    reader.answer(right=True)
    assert len(reader.record()["quizzes"]["part"]["reviews"]) == 1
    assert pool not in reader.record()["quizzes"]


def test_answers_of_an_exam_count_for_the_chapters_they_are_from(read):
    exam = toy_book.after("part", T)
    reader = read(T + HOUR, part=exam)
    known = reader.part("known")
    expect(known.locator(".sc-exams")).to_have_text(
        "The first part: passed, best 3 of 3 points"
    )
    asked = {e["id"] for e in exam["rounds"][0]["attempts"][0]["items"]}
    pools = {p for p, q in toy_book.POOLS.items() if any(a.item.id in asked for a in q)}
    expect(known.locator(".sc-chapter")).to_have_count(len(pools))
    assert reader.level("types").startswith("begun, 1 of 1 answer")
    expect(known).to_contain_text("quiz not taken yet")


# What is known


def test_each_objective_has_the_level_of_its_answers(read):
    state = toy_book.after("sums", T, wrong=["loop", "print"])
    state = toy_book.after("sums", T + HOUR, wrong=["loop"], before=state)
    asked = {"prints": "begun, 1 of 2", "loops": "missed, 0 of 2"}
    reader = read(T + 2 * HOUR, sums=state)
    for objective, level in asked.items():
        assert reader.level(objective).startswith(level), objective
    assert reader.level("numbers") == "mastered, 2 of 2 answers right"
    known = reader.part("known")
    expect(known).to_contain_text("3 of 5 objectives mastered in the chapter you have")
    picture = known.get_by_role("img")
    expect(picture).to_have_accessible_name(
        "5 objectives: 3 mastered, 1 begun, and 1 missed"
    )
    levels = known.locator(".sc-tiles .sc-tile").evaluate_all(
        "tiles => tiles.map(tile => tile.dataset.level)"
    )
    assert levels == ["missed", "begun", "mastered", "mastered", "mastered"]


def test_objective_that_was_not_asked_is_new_and_leads_to_its_section(read):
    reader = read(T + HOUR, part=toy_book.after("part", T))
    rows = reader.part("known").locator('li:has(.sc-tile[data-level="new"])')
    expect(rows.first.locator(".sc-level")).to_have_text("new")
    expect(rows.first.get_by_role("link")).to_have_attribute(
        "href", re.compile(r"\.html#\w+$")
    )


def test_passed_quizzes_are_counted(read):
    failed = words(wrong=["toy-text", "type"])
    reader = read(T + HOUR, sums=sums(), words=failed)
    known = reader.part("known")
    expect(known).to_contain_text("in the 2 chapters you have begun. Passed: 1 quiz.")
    standing = known.locator(".sc-standing")
    expect(standing).to_have_text(
        [
            "0 of 5 mastered, quiz passed",
            "0 of 2 mastered, quiz not passed yet",
        ]
    )


def test_level_rises_while_the_review_goes_on(read):
    reader = read(T + DAY + HOUR, words=words())
    assert reader.level("types").startswith("begun")
    reader.review()
    assert reader.level("types").startswith("mastered, 2 of 2")


def test_level_is_told_by_words_and_signs_and_not_by_color_alone(read):
    reader = read(
        T + HOUR, options={"forced_colors": "active"}, sums=sums(wrong=["loop"])
    )
    known = reader.part("known")
    for level in ("missed", "mastered", "begun"):
        tile = known.locator(f'.sc-legend .sc-tile[data-level="{level}"]')
        box = tile.locator("path").evaluate("path => path.getBBox().width")
        assert box > 3, level
    expect(known.locator('[data-objective="loops"]')).to_contain_text("missed")


# Calibration


def test_calibration_tells_how_many_sure_answers_were_right(read):
    state = sums(wrong=["loop"], sure=["loop", "print", "toy-numeric", "toy-order"])
    state = toy_book.after(
        "sums", T + HOUR, sure=["loop", "print", "toy-numeric"], before=state
    )
    reader = read(T + 2 * HOUR, sums=state)
    judged = reader.part("judgment")
    expect(judged).to_contain_text(
        "Of 7 answers you were sure of, 6 were right: one in 7 of the things"
    )
    expect(judged.get_by_role("img")).to_have_accessible_name(
        "Sure: 6 of 7 right. Unsure: not said yet. Guess: 1 of 1 right."
    )
    expect(judged.locator("figcaption")).to_contain_text("among 8 first answers")


def test_point_of_the_picture_stands_where_its_share_is(read):
    state = sums(wrong=["loop"], sure=["loop", "print", "toy-numeric", "toy-order"])
    reader = read(T + HOUR, sums=state)
    x, width = (
        reader.part("judgment")
        .locator(".sc-chart")
        .evaluate(
            """svg => {
            const [box, dot] = [svg, svg.querySelector('circle')].map(
                (element) => element.getBoundingClientRect());
            return [dot.x + dot.width / 2 - box.x, box.width];
        }"""
        )
    )
    assert x / width == pytest.approx(3 / 4, abs=0.01)


def test_review_answers_count_for_the_calibration_with_their_first_try(read):
    reader = read(T + DAY + HOUR, words=words())
    expect(reader.part("judgment").get_by_role("img")).to_have_accessible_name(
        "Sure: not said yet. Unsure: not said yet. Guess: 2 of 2 right."
    )
    reader.begin()
    while reader.item["id"] != "toy-text":
        reader.button("Later; next question").click()
    reader.fill(reader.wrong())
    reader.submit("Sure")
    reader.fill(reader.right())
    reader.submit("Guess")
    expect(reader.part("judgment").get_by_role("img")).to_have_accessible_name(
        "Sure: 0 of 1 right. Unsure: not said yet. Guess: 2 of 2 right."
    )


def test_coding_questions_say_nothing_of_judgment(read):
    state = sums(wrong=[])
    for entry in state["rounds"][0]["attempts"][0]["items"]:
        for tried in entry["tries"]:
            tried["confidence"] = None
    reader = read(T + HOUR, sums=state)
    expect(reader.part("judgment")).to_contain_text("None of your answers has said it")
    expect(reader.part("judgment").get_by_role("img")).to_have_count(0)


# The record


def saved(reader: Reviewer, name: str, folder: Path) -> Path:
    """Press a button that saves a file; return where it is."""
    with reader.page.expect_download() as download:
        reader.button(name).click()
    assert download.value.suggested_filename == "toy-book-progress.json"
    download.value.save_as(folder / "saved.json")
    return folder / "saved.json"


def test_saved_record_is_read_by_the_command_line_and_by_another_browser(
    read, tmp_path
):
    reader = read(T + HOUR, sums=sums(), words=words())
    file = saved(reader, "Save to a file", tmp_path)
    quizzes = reader.record()["quizzes"]
    assert progress.parse(file.read_text("utf-8"))["quizzes"] == quizzes

    other = read(T + HOUR)
    other.quiz.locator(".sc-file").set_input_files(file)
    expect(other.quiz).to_contain_text("Loaded from saved.json: Sums and loops, Words.")
    expect(other.part("known").locator(".sc-chapter")).to_have_count(2)
    assert other.record()["quizzes"] == quizzes


def test_loading_keeps_quizzes_that_are_not_in_the_file(read, tmp_path):
    reader = read(T + HOUR, sums=sums())
    (tmp_path / "words.json").write_text(toy_book.record(words=words()))
    reader.quiz.locator(".sc-file").set_input_files(tmp_path / "words.json")
    expect(reader.part("known").locator(".sc-chapter")).to_have_count(2)
    assert set(reader.record()["quizzes"]) == {"sums", "words"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("not json", "expected a progress file (JSON); this is not JSON"),
        ("{}", "they are missing"),
        ('{"schema": 9, "quizzes": {}}', "a newer version of the book"),
        ('{"schema": 2, "book": "b", "quizzes": {}}', "expected the progress of"),
        ('{"schema": 2, "book": "toy-book", "quizzes": {"sums": 3}}', "sums"),
    ],
)
def test_file_that_is_no_record_changes_nothing_and_says_what_was_expected(
    read, tmp_path, text, complaint
):
    reader = read(T + HOUR, sums=sums())
    before = reader.record()
    (tmp_path / "bad.json").write_text(text)
    reader.quiz.locator(".sc-file").set_input_files(tmp_path / "bad.json")
    said = reader.part("record").get_by_role("status")
    expect(said).to_contain_text(complaint)
    expect(said).to_contain_text("Nothing was changed.")
    assert reader.record() == before


def test_one_quiz_is_erased_after_a_question_and_a_copy_offered_first(read, tmp_path):
    reader = read(T + HOUR, sums=sums(), words=words())
    record = reader.part("record")
    record.get_by_label("Erase the record of").select_option("Words")
    reader.button("Erase").click()
    expect(record).to_contain_text("Erase the record of Words?")
    expect(reader.button("Save to a file first")).to_be_focused()
    file = saved(reader, "Save to a file first", tmp_path)
    assert "words" in reader.record()["quizzes"]
    reader.button("Erase it").click()
    expect(record).to_contain_text("The record of Words is erased")
    expect(record.locator(".sc-said")).to_be_focused()
    expect(reader.part("known").locator(".sc-chapter")).to_have_count(1)
    assert set(reader.record()["quizzes"]) == {"sums"}
    reader.quiz.locator(".sc-file").set_input_files(file)
    expect(reader.part("known").locator(".sc-chapter")).to_have_count(2)


def test_erasing_can_be_called_off(read):
    reader = read(T + HOUR, sums=sums())
    before = reader.record()
    reader.button("Erase").click()
    reader.button("Cancel").click()
    expect(reader.part("record").get_by_label("Erase the record of")).to_be_focused()
    assert reader.record() == before


def test_everything_erased_leaves_nothing_in_the_browser(read, tmp_path):
    reader = read(T + DAY + HOUR, sums=sums(), words=words())
    (tmp_path / "words.json").write_text(toy_book.record(words=words()))
    reader.quiz.locator(".sc-file").set_input_files(tmp_path / "words.json")
    expect(reader.quiz).to_contain_text("Loaded from")
    reader.begin()
    while reader.item["type"] != "output":
        reader.button("Later; next question").click()
    reader.fill({"text": "half an answer"})
    reader.button("Leave the review").click()
    record = reader.part("record")
    record.get_by_label("Erase the record of").select_option("Everything")
    reader.button("Erase").click()
    reader.button("Erase everything").click()
    expect(reader.quiz).to_contain_text("There is no progress in this browser yet")
    expect(record).to_contain_text("The record of all quizzes is erased")
    kept = json.loads(reader.page.evaluate("JSON.stringify(localStorage)"))
    assert json.loads(kept.pop(KEY))["quizzes"] == {}
    assert not any("sums" in text or "words" in text for text in kept.values()), kept


def test_quiz_that_left_the_book_can_still_be_erased(read):
    reader = read(T + HOUR, sums=sums(), gone=words())
    expect(reader.part("known").locator(".sc-chapter")).to_have_count(1)
    select = reader.part("record").get_by_label("Erase the record of")
    select.select_option("gone")
    reader.button("Erase").click()
    reader.button("Erase it").click()
    expect(reader.part("record")).to_contain_text("The record of gone is erased")
    assert set(reader.record()["quizzes"]) == {"sums"}


# Looks

SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}


def check(reader: Reviewer, state: str) -> None:
    """Fail with the name of the state and the theme that is not well."""
    assert looks.overflow(reader.page) <= 0, state
    for theme in ("light", "dark"):
        reader.page.evaluate("t => document.documentElement.dataset.theme = t", theme)
        assert looks.complaints(reader.page, [".sc-progress"]) == [], f"{state} {theme}"


@pytest.mark.parametrize("screen", SCREENS)
def test_no_state_has_an_accessibility_violation_or_is_too_wide(
    read, graded, site, screen
):
    url = f"{graded.address}/book/{toy_book.NAME}"
    options = {**SCREENS[screen], "reduced_motion": "reduce"}
    reader = read(T, url=url, options=options)
    check(reader, "empty")
    state = sums(wrong=["loop"], sure=["loop", "print"])
    put(
        reader,
        toy_book.record(sums=state, words=words(), part=toy_book.after("part", T)),
    )
    reader.come(T + HOUR)
    for summary in reader.part("known").locator("summary").all():
        summary.click()
    check(reader, "nothing due")
    reader.come(T + DAY + HOUR)
    check(reader, "due")
    reader.begin()
    for _ in range(7):
        kind = reader.item["type"]
        if kind == "code":
            reader.question.locator(".cm-content").wait_for()
        check(reader, f"{kind} question")
        if kind == "code":
            reader.grade("def double(x):\n    return 5 # " + "long " * 40)
            check(reader, "code wrong")
            reader.grade(PROGRAM)
        else:
            reader.answer(right=kind == "order")
        check(reader, f"{kind} settled")
        reader.go_on()
    check(reader, "result")
    reader.button("Erase").click()
    check(reader, "erase")


def test_page_at_twice_the_size_has_no_scrolling_sideways(read):
    options = {"viewport": {"width": 640, "height": 450}}
    reader = read(T + DAY + HOUR, options=options, sums=sums(), words=words())
    reader.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert looks.overflow(reader.page) <= 0
    reader.begin()
    assert looks.overflow(reader.page) <= 0


def test_a_review_can_be_done_by_keyboard(read):
    reader = read(T + DAY + HOUR, words=words())
    press = reader.page.keyboard.press
    reader.button("Review").focus()
    press("Enter")
    expect(reader.question.locator("legend")).to_be_focused()
    while reader.item["id"] != "toy-text":
        reader.button("Later; next question").focus()
        press("Enter")
    press("Tab")
    press("Tab")
    reader.question.locator(".sc-typed").focus()
    reader.page.keyboard.type("append")
    press("Enter")
    press("Tab")
    press("Enter")
    expect(reader.verdict).to_be_focused()
    expect(reader.verdict).to_contain_text("Right.")


# The real book


def test_quiz_taken_in_a_chapter_is_due_on_the_progress_page_a_day_later(visit, book):
    if not (book / "book/progress.html").is_file():
        pytest.skip("the book is not built with its progress page (make book)")
    from .taker import Taker

    page = visit("about:blank", timezone_id="UTC")
    page.clock.install(time=T)
    page.goto((book / "book/tape.html").as_uri())
    taker = Taker(page, "tape", {})
    taker.start()
    taker.take(wrong=2, code=False)
    page.clock.set_system_time(T + DAY + HOUR)
    page.goto((book / "book/progress.html").as_uri())
    reader = Reviewer(page, taker.data["book"], {})
    reader.ready()
    expect(reader.part("due")).to_contain_text("8 questions are due")
    expect(reader.part("known").locator(".sc-tiles .sc-tile")).to_have_count(8)
    reader.begin()
    while reader.item["type"] == "code":
        reader.button("Later; next question").click()
    reader.answer(right=False)
    expect(reader.verdict).to_contain_text("Not right.")
    expect(reader.quiz.locator(".sc-back")).to_contain_text("tomorrow")
    assert looks.complaints(page, ["html"]) == []
    assert looks.overflow(page) <= 0
