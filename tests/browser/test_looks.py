"""Every state of the quiz: no complaint of axe, nothing cut, themes, widths, zoom."""

import json

import pytest
from playwright.sync_api import expect

from . import looks, toy, toy_exam

SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    # 1280 pixels at 200 %
    "zoomed": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}
STILL = {"reduced_motion": "reduce"}
LONG = "def double(x):\n    return 5 # " + "long " * 40


def check(reader, state: str) -> None:
    """Fail with the name of the state and the theme that is not well."""
    assert looks.overflow(reader.page) <= 0, state
    assert looks.cut(reader.page) == [], state
    for theme in ("light", "dark"):
        reader.page.evaluate("t => document.documentElement.dataset.theme = t", theme)
        assert looks.complaints(reader.page) == [], f"{state}, {theme}"


def look_at(reader, kind: str) -> None:
    """Meet a question of a type: asked, hinted at, answered wrong and right."""
    check(reader, f"{kind} question")
    reader.submit()
    expect(reader.quiz.locator(".sc-complaint")).not_to_be_empty()
    check(reader, f"{kind} hint")
    if kind in ("choice", "multiple"):
        reader.answer(right=False)
        check(reader, f"{kind} wrong")
        return
    reader.fill(reader.wrong())
    reader.submit("Unsure")
    check(reader, f"{kind} wrong, one try left")
    for remove in reader.question.get_by_role("button", name="Remove").all():
        remove.click()
    reader.fill(reader.right())
    reader.submit("Guess")
    check(reader, f"{kind} right")


def look_at_code(reader) -> None:
    """Meet the coding question: its editor, a verdict, and giving up."""
    reader.question.locator(".cm-content").wait_for()
    check(reader, "editor")
    reader.grade(LONG)
    check(reader, "code wrong")
    reader.button("Give up").click()
    check(reader, "code given up")


@pytest.fixture(scope="module")
def every(toy_site) -> str:
    """A page whose attempt asks one question of every type, and two choices."""
    draw = {"choice": 2, "multiple": 1, "output": 1, "short": 3, "code": 1}
    quiz = toy.section(toy.payload() | {"draw": draw})
    return toy.write(toy_site, name="every.html", quiz=quiz).name


@pytest.mark.parametrize("screen", SCREENS)
def test_attempt_is_well_in_every_state(take, graded, every, screen):
    reader = take(f"{graded.address}/book/{every}", **SCREENS[screen], **STILL)
    check(reader, "start")
    reader.start()
    seen = set()
    for _ in range(8):
        kind = reader.item["type"]
        if kind == "code":
            look_at_code(reader)
        elif kind not in seen:
            look_at(reader, kind)
        else:
            reader.answer(right=True)
            check(reader, f"{kind} right")
        seen.add(kind)
        reader.onward()
    for row in reader.quiz.locator(".sc-results > li > details > summary").all():
        row.click()
    reader.quiz.locator(".sc-files > summary").click()
    check(reader, "summary with everything open")
    assert seen == {item.type for item in toy.ITEMS.values()}


@pytest.mark.parametrize("screen", SCREENS)
def test_what_stands_around_an_attempt_is_well_in_every_state(take, graded, screen):
    reader = take(f"{graded.address}/book/toy.html", **SCREENS[screen], **STILL)
    reader.page.clock.install()
    reader.page.reload()
    reader.start()
    while reader.item["type"] != "choice":
        reader.onward()
    reader.answer(right=False)
    reader.end()
    reader.start()
    reader.end()
    check(reader, "gated")
    for row in reader.quiz.locator(".sc-results > li > details > summary").all():
        row.click()
    check(reader, "review of the keys")
    reader.button("Start a new round").click(force=True)
    for link in reader.quiz.locator(".sc-sections a").all():
        link.click()
    check(reader, "gated, all sections opened")
    reader.page.clock.run_for(11 * 60_000)
    check(reader, "gate open")
    reader.practice("order")
    check(reader, "practice, order")
    for kind in ("numeric", "text", "choice"):
        while reader.item["type"] != kind:
            reader.button("Another question").click()
        reader.button("Show the answer").click()
        check(reader, f"practice, {kind} shown")
    reader.page.clock.fast_forward("49:00:00")
    reader.page.reload()
    expect(reader.quiz.locator(".sc-due")).to_be_visible()
    check(reader, "reviews due")


@pytest.mark.parametrize("screen", SCREENS)
def test_exam_is_well_loaded_or_not(take, graded, screen):
    url = f"{graded.address}/book/exam.html"
    reader = take(url, toy_exam.SLUG, **SCREENS[screen], **STILL)
    check(reader, "exam")
    reader.page.route("**/answers/*.js*", lambda route: route.abort())
    reader.page.reload()
    reader.button("Start the exam").click()
    expect(reader.quiz.locator(".sc-notes")).to_contain_text("could not be loaded")
    check(reader, "failed load")
    reader.page.unroute("**/answers/*.js*")
    reader.start()
    check(reader, "exam begun")
    reader.end()
    check(reader, "exam ended")


def test_questions_that_the_book_changed_are_well(take, toy_url):
    reader = take(toy_url, **SCREENS["phone"], **STILL)
    reader.start()
    reader.seek("choice")
    reader.answer(right=False)
    key = "selfcheck:toy-book"
    text = reader.page.evaluate("key => localStorage.getItem(key)", key)
    stored = json.loads(text)
    for entry in stored["quizzes"]["toy"]["rounds"][0]["attempts"][0]["items"]:
        entry["rev"] = "r0"
    put = "([key, text]) => localStorage.setItem(key, text)"
    reader.page.evaluate(put, [key, json.dumps(stored)])
    reader.page.reload()
    expect(reader.quiz).to_contain_text("The book has changed: 7 open questions")
    reader.quiz.locator(".sc-step-wrong").click()
    expect(reader.question).to_contain_text("Your result stands.")
    check(reader, "bygone")


def test_quiz_that_cannot_start_leaves_questions_that_are_well(visit, toy_site):
    newer = toy.section(toy.payload() | {"schema": 9})
    path = toy.write(toy_site, name="schema9.html", quiz=newer)
    page = visit(path.as_uri(), **SCREENS["phone"])
    expect(page.get_by_role("alert")).to_contain_text("expected quiz data of schema 1")
    expect(page.locator(".sc-item").first).to_be_visible()
    assert looks.complaints(page, [".selfcheck"]) == []
    assert looks.overflow(page) <= 0


def test_the_ways_to_a_kernel_have_no_accessibility_violation(take, graded):
    reader = take(f"{graded.address}/toy.html", **SCREENS["phone"], **STILL)
    reader.page.get_by_role("button", name="Run live").click()
    expect(reader.page.locator(".sc-live")).to_contain_text("make serve")
    reader.start()
    reader.seek("code")
    check(reader, "code without a kernel")


def test_nothing_moves_where_motion_is_not_wanted(take, toy_url):
    reader = take(toy_url, **STILL)
    moving = """() => [...document.querySelectorAll('.sc-quiz *')].filter(e => {
        const {transitionDuration, animationName} = getComputedStyle(e);
        return animationName !== 'none' ||
            transitionDuration.split(', ').some(time => time !== '0s');
    }).map(e => e.className)"""
    for go in (reader.start, reader.end, lambda: reader.practice("choice")):
        go()
        assert reader.page.evaluate(moving) == []


def test_buttons_move_where_motion_is_welcome(take, toy_url):
    reader = take(toy_url, reduced_motion="no-preference")
    style = "e => getComputedStyle(e).transitionDuration"
    assert reader.button("Start the quiz").evaluate(style) != "0s"


def test_page_made_dark_by_the_reader_is_dark_in_the_quiz_too(take, toy_url):
    reader = take(toy_url)
    button = reader.button("Practice without limits")
    light = button.evaluate("e => getComputedStyle(e).color")
    reader.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(button).not_to_have_css("color", light)  # it may fade


def test_verdict_is_told_by_words_and_not_by_color_alone(take, toy_url):
    reader = take(toy_url, forced_colors="active")
    reader.start()
    while reader.item["type"] == "code":
        reader.onward()
    reader.answer(right=True)
    expect(reader.verdict).to_contain_text("Right")
    expect(reader.quiz.locator(".sc-step-right")).to_contain_text("right")


def test_what_is_cut_is_noticed(take, toy_url):
    reader = take(toy_url, **SCREENS["phone"])
    page = reader.page
    page.add_style_tag(content=".sc-button { width: 3rem; white-space: nowrap }")
    assert looks.cut(page)
