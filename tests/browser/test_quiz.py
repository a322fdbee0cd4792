"""A whole quiz in the page, opened from disk."""

import json
import re

from playwright.sync_api import expect

from . import toy


def test_page_from_disk_shows_the_rules_and_takes_the_questions_in(take, toy_url):
    reader = take(toy_url)
    expect(reader.quiz).to_contain_text("8 questions, drawn from a pool of 24")
    expect(reader.quiz).to_contain_text("6 of 8 points, with the coding question right")
    assert reader.page.locator(".sc-pool").count() == 0


def test_questions_are_readable_without_javascript(visit, toy_url):
    page = visit(toy_url, java_script_enabled=False)
    expect(page.locator(".sc-item")).to_have_count(len(toy.ITEMS))
    expect(page.locator(".sc-item").first).to_be_visible()
    assert "selfcheck take toy" in page.content()


def test_no_key_and_no_refutation_stands_in_the_page_before_it_opens(take, toy_url):
    reader = take(toy_url)
    secrets = ("KEYREASON", "REFUTED-BY", "LISTGROWS", "ADDSUP", "DISCUSSION")
    for step in range(9):
        text = reader.page.content()
        assert not [secret for secret in secrets if secret in text], step
        if step == 0:
            reader.start()
        elif step < 8:
            reader.button("Later; next question").click()


def test_wrong_choice_is_refuted_and_its_key_stays_closed(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.seek("choice")
    wrong = reader.wrong()
    reader.fill(wrong)
    reader.submit()
    expect(reader.verdict).to_be_focused()
    expect(reader.verdict).to_contain_text("Not right.")
    expect(reader.verdict).to_contain_text("REFUTED-BY-ZERO")
    expect(reader.verdict).to_contain_text("opens when this round is over")
    expect(reader.verdict.get_by_role("link")).to_have_attribute(
        "href", re.compile("#toy-")
    )
    assert "KEYREASON" not in reader.page.content()
    assert "REFUTED-BY-END" not in reader.page.content()
    expect(reader.question.locator("input:enabled")).to_have_count(0)


def test_second_try_of_a_typed_answer_is_worth_half(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.seek("output")
    name = reader.item["id"]
    reader.fill(reader.wrong())
    reader.submit()
    expect(reader.verdict).to_contain_text("One try is left; it counts half")
    expect(reader.verdict).to_contain_text("ADDSUP")
    reader.fill(reader.right())
    reader.submit()
    expect(reader.verdict).to_contain_text("at the second try: half a point")
    entry = next(e for e in reader.attempt()["items"] if e["id"] == name)
    assert (entry["state"], entry["points"]) == ("right", 0.5)


def test_an_empty_answer_uses_no_try(take, toy_url):
    reader = take(toy_url)
    reader.start()
    while reader.item["type"] == "code":
        reader.onward()
    reader.submit()
    expect(reader.question.locator(".sc-complaint")).not_to_be_empty()
    assert all(not entry["tries"] for entry in reader.attempt()["items"])


def test_quiz_is_failed_then_retaken_with_other_questions_then_its_keys_open(
    take, toy_url
):
    reader = take(toy_url)
    reader.start()
    first = reader.drawn()
    reader.take(wrong=7, code=False)
    expect(reader.quiz).to_contain_text("Not passed. 0 of 8 points")
    expect(reader.quiz.locator(".sc-missed li")).to_have_count(2)
    assert "KEYREASON" not in reader.page.content()
    reader.button("Next attempt: 8 other questions").click()
    second = reader.drawn()
    assert len(first) == len(second) == 8
    assert not set(first) & set(second)
    reader.take(wrong=7, code=False)
    expect(reader.quiz).to_contain_text("This round is over, and the answers are open")
    for row in reader.quiz.locator(".sc-results > li > details > summary").all():
        row.click()
    expect(reader.quiz).to_contain_text("KEYREASON")
    expect(reader.quiz).to_contain_text("DISCUSSION")
    expect(reader.quiz.locator('[data-mark="key"]').first).to_be_visible()
    expect(reader.button("Start a new round")).to_be_visible()


def test_quiz_with_all_but_the_code_right_waits_for_a_kernel_and_is_not_passed(
    take, toy_url
):
    reader = take(toy_url)
    reader.start()
    steps = reader.quiz.locator(".sc-step")
    for place, name in enumerate(reader.drawn()):
        steps.nth(place).click()
        if reader.items[name]["type"] != "code":
            reader.answer(right=True)
    reader.quiz.locator(".sc-step-open").click()
    expect(reader.quiz).to_contain_text(
        "7 of 8 answered; the coding question waits for a kernel."
    )
    expect(reader.question).to_contain_text("make serve")
    assert reader.attempt()["finished"] is None
    reader.button("End this attempt").click()
    reader.button("End this attempt").click()
    expect(reader.quiz.locator(".sc-result")).to_contain_text("Not passed. 7 of 8")


def test_reload_in_the_middle_changes_nothing(take, toy_url):
    reader = take(toy_url)
    reader.start()
    while reader.item["type"] in ("code", "order"):
        reader.onward()
    reader.answer(right=False)
    reader.onward()
    while reader.item["type"] == "code":
        reader.onward()
    draft = reader.wrong()
    reader.fill(draft)
    stored, shown = reader.stored(), reader.shown()
    reader.page.reload()
    assert reader.stored() == stored
    assert reader.shown() == shown
    if "text" in draft:
        expect(reader.question.locator(".sc-typed")).to_have_value(draft["text"])
    for option in draft.get("options", []):
        expect(reader.question.locator(f'input[value="{option}"]')).to_be_checked()


def test_reload_keeps_the_verdict_and_the_program_that_was_typed(take, toy_url):
    reader = take(toy_url)
    reader.start()
    if reader.item["type"] == "code":
        reader.onward()
    place = reader.drawn().index(reader.item["id"])
    reader.answer(right=True)
    text = reader.shown()
    while reader.item["type"] != "code":
        reader.onward()
    reader.write("def double(x):\n    return 7")
    reader.page.reload()
    expect(reader.question.locator(".cm-content")).to_contain_text("return 7")
    reader.quiz.locator(".sc-step").nth(place).click()
    assert reader.shown() == text


def test_practice_explains_everything_counts_nothing_and_lets_what_it_shows_rest(
    take, toy_url
):
    reader = take(toy_url)
    reader.practice("choice")
    expect(reader.quiz).to_contain_text("Practice: nothing is counted")
    expect(reader.quiz).to_contain_text("rests for 7 days")
    name = reader.item["id"]
    for _ in range(3):
        reader.fill(reader.wrong())
        reader.button("Check answer").click()
        expect(reader.verdict).to_contain_text("Not right yet")
    assert reader.page.evaluate("localStorage.getItem('selfcheck:toy-book')") is None
    reader.button("Show the answer").click()
    expect(reader.verdict).to_contain_text("KEYREASON")
    reader.button("Leave practice").click()
    expect(reader.button("Start the quiz")).to_be_visible()
    stored = reader.stored()
    assert (stored["rounds"], list(stored["retired"])) == ([], [name])


def test_right_answer_in_practice_rests_too(take, toy_url):
    reader = take(toy_url)
    reader.practice("multiple")
    name = reader.item["id"]
    reader.fill(reader.right())
    reader.button("Check answer").click()
    expect(reader.verdict).to_contain_text("Right.")
    assert list(reader.stored()["retired"]) == [name]


def test_said_confidence_stands_in_the_verdict_the_record_and_the_summary(
    take, toy_url
):
    reader = take(toy_url)
    reader.start()
    reader.seek("output")
    name = reader.item["id"]
    group = reader.quiz.get_by_role("group", name="Submit, and say how sure you are")
    expect(group.get_by_role("button")).to_have_text(["Guess", "Unsure", "Sure"])
    reader.fill(reader.wrong())
    reader.submit("Unsure")
    expect(reader.verdict).to_contain_text("You were unsure.")
    reader.fill(reader.right())
    reader.submit("Guess")
    expect(reader.verdict).to_contain_text("You guessed.")
    entry = next(e for e in reader.attempt()["items"] if e["id"] == name)
    assert [tried["confidence"] for tried in entry["tries"]] == ["unsure", "guess"]
    reader.end()
    expect(reader.quiz.locator(".sc-results")).to_contain_text("Right, ½ pointguess")
    reader.page.reload()
    expect(reader.quiz.locator(".sc-results")).to_contain_text("Right, ½ pointguess")


def test_what_is_no_number_uses_no_try(take, toy_url):
    reader = take(toy_url)
    reader.practice("numeric")
    reader.fill({"text": "a third"})
    reader.button("Check answer").click()
    expect(reader.question).to_contain_text("cannot be read as a number")
    expect(reader.quiz.locator(".sc-verdict")).to_have_count(0)


def test_first_screen_tells_what_is_due_for_review_and_where(visit, take, toy_site):
    text = (toy_site / "toy.html").read_text("utf-8")
    page = toy_site / "linked.html"
    linked = text.replace(' data-quiz="toy"', ' data-quiz="toy" data-progress="p.html"')
    page.write_text(linked, "utf-8")
    reader = take(page.as_uri())
    reader.page.clock.install()
    reader.page.reload()
    reader.start()
    reader.end()
    expect(reader.quiz.locator(".sc-due")).to_have_count(0)
    reader.page.clock.fast_forward("25:00:00")
    reader.page.reload()
    due = reader.quiz.get_by_role("link", name="8 questions of this quiz are due")
    expect(due).to_have_attribute("href", "p.html")


def test_a_whole_question_can_be_answered_by_keyboard(take, toy_url):
    reader = take(toy_url)
    press = reader.page.keyboard.press
    reader.button("Start the quiz").focus()
    press("Enter")
    expect(reader.question.locator("legend")).to_be_focused()
    while reader.item["type"] != "choice":
        reader.button("Later; next question").focus()
        press("Enter")
    press("Tab")
    press("Space")
    press("ArrowDown")
    press("Tab")
    expect(reader.button("Guess")).to_be_focused()
    press("Tab")
    press("Enter")
    expect(reader.verdict).to_be_focused()
    expect(reader.verdict).to_contain_text("You were unsure.")


def test_enter_in_a_field_leads_on_to_the_confidence_and_submits_nothing(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.seek("output")
    press = reader.page.keyboard.press
    reader.fill(reader.right())
    press("Control+Enter")
    expect(reader.quiz.get_by_role("group", name="Submit, and say")).to_be_focused()
    expect(reader.question).to_contain_text("Now say how sure you are")
    assert all(not entry["tries"] for entry in reader.attempt()["items"])
    press("Tab")
    press("Tab")
    press("Tab")
    press("Enter")
    expect(reader.verdict).to_contain_text("You were sure.")


def test_enter_in_a_line_leads_on_to_the_confidence_too(take, toy_site):
    quiz = toy.payload() | {"draw": {"short": 1}, "pass": {"at_least": 1, "must": []}}
    quiz["items"] = [item for item in quiz["items"] if item["id"] == "toy-text"]
    page = toy.write(toy_site, name="line.html", quiz=toy.section(quiz))
    reader = take(page.as_uri())
    reader.start()
    reader.fill(reader.wrong())
    reader.page.keyboard.press("Enter")
    expect(reader.quiz.get_by_role("group", name="Submit, and say")).to_be_focused()
    assert reader.attempt()["items"][0]["tries"] == []


def test_lines_are_ordered_by_buttons_that_keep_the_focus(take, toy_url):
    reader = take(toy_url)
    reader.practice("order")
    reader.fill({"lines": [0, 2]})
    up = reader.question.get_by_role("button", name="Up: x = 3")
    up.focus()
    reader.page.keyboard.press("Enter")
    expect(reader.question.locator('[data-line="2"] button').nth(1)).to_be_focused()
    reader.button("Check answer").click()
    expect(reader.verdict).to_contain_text("Right.")


def test_an_unknown_payload_leaves_the_questions_readable(visit, toy_site):
    page_text = (toy_site / "toy.html").read_text("utf-8")
    newer = toy_site / "newer.html"
    newer.write_text(page_text.replace('{"schema": 1,', '{"schema": 9,'), "utf-8")
    page = visit(newer.as_uri())
    expect(page.get_by_role("alert")).to_contain_text("expected quiz data of schema 1")
    expect(page.locator(".sc-item").first).to_be_visible()
    assert json.loads(page.locator(".sc-data").text_content())["schema"] == 9
