"""What the page says when storage, book, or another tab changed under it."""

import json

from playwright.sync_api import expect

KEY = "selfcheck:toy-book"


def stored(page) -> str | None:
    return page.evaluate("key => localStorage.getItem(key)", KEY)


def test_storage_cleared_in_another_tab_leads_to_the_first_screen(take, toy_url):
    reader = take(toy_url)
    reader.start()
    other = reader.page.context.new_page()
    other.goto(toy_url)
    other.evaluate("localStorage.clear()")
    expect(reader.button("Start the quiz")).to_be_visible()
    expect(reader.quiz).to_contain_text("The record of this quiz was erased")
    assert stored(reader.page) is None
    other.close()


def test_answer_after_the_storage_was_cleared_brings_nothing_old_back(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.seek("choice")
    reader.fill(reader.right())
    reader.page.evaluate("localStorage.clear()")
    reader.submit()
    expect(reader.button("Start the quiz")).to_be_visible()
    expect(reader.quiz).to_contain_text("The record of this quiz was erased")
    assert stored(reader.page) is None
    reader.start()
    assert len(reader.stored()["rounds"]) == 1


def test_question_that_left_the_book_is_replaced_and_what_was_answered_stands(
    take, toy_url, toy_site
):
    reader = take(toy_url)
    reader.start()
    reader.seek("choice")
    right = reader.item["id"]
    reader.answer(right=True)
    gone = next(n for n in reader.drawn() if "choice" in n and n != right)
    before = reader.drawn()
    text = (toy_site / "toy.html").read_text("utf-8")
    newer = toy_site / "toy.html"
    try:
        newer.write_text(text.replace(gone, "toy-choice-new"), "utf-8")
        reader.page.reload()
        expect(reader.quiz).to_contain_text(
            "The book has changed: 1 open question of this attempt is asked anew. "
            "What you answered stands."
        )
    finally:
        newer.write_text(text, "utf-8")
    after = reader.drawn()
    assert len(after) == 8
    assert gone not in after
    assert set(before) - {gone} <= set(after)
    entry = next(e for e in reader.attempt()["items"] if e["id"] == right)
    assert (entry["state"], entry["points"]) == ("right", 1)


def test_book_that_did_not_change_is_not_said_to_have_changed(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.page.reload()
    expect(reader.question).to_be_visible()
    expect(reader.quiz.locator(".sc-notes")).to_be_hidden()


def test_progress_of_a_newer_version_is_said_and_left_as_it_is(take, toy_url):
    reader = take(toy_url)
    newer = json.dumps({"schema": 99, "book": "toy-book", "quizzes": {}})
    reader.page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)", [KEY, newer]
    )
    reader.page.reload()
    expect(reader.quiz).to_contain_text("written by a newer version of the book")
    reader.start()
    reader.end()
    assert stored(reader.page) == newer


def test_tab_in_practice_goes_on_practicing_while_another_takes_the_quiz(take, toy_url):
    reader = take(toy_url)
    reader.practice("choice")
    name = reader.item["id"]
    other = reader.page.context.new_page()
    other.goto(toy_url)
    other.get_by_role("button", name="Start the quiz").click()
    other.locator(".sc-question").wait_for()
    assert reader.item["id"] == name
    reader.button("Leave practice").click()
    expect(reader.question.locator("legend")).to_contain_text("Question 1 of 8")
    other.close()
