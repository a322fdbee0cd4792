"""Every state of the quiz: no complaint of axe, no scrolling sideways, both themes."""

import pytest
from playwright.sync_api import expect

from . import looks

SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}


def check(reader, state: str) -> None:
    """Fail with the name of the state and the theme that is not well."""
    assert looks.overflow(reader.page) <= 0, state
    for theme in ("light", "dark"):
        reader.page.evaluate("t => document.documentElement.dataset.theme = t", theme)
        assert looks.complaints(reader.page) == [], f"{state}, {theme}"


@pytest.mark.parametrize("screen", SCREENS)
def test_no_state_has_an_accessibility_violation_or_is_too_wide(take, graded, screen):
    options = {**SCREENS[screen], "reduced_motion": "reduce"}
    reader = take(f"{graded.address}/book/toy.html", **options)
    check(reader, "start")
    reader.start()
    seen = set()
    for _ in range(8):
        kind = reader.item["type"]
        fresh = kind not in seen
        seen.add(kind)
        if kind == "code":
            reader.question.locator(".cm-content").wait_for()
            check(reader, "editor")
            reader.grade("def double(x):\n    return 5 # " + "long " * 40)
            check(reader, "code verdict")
            reader.grade("x + x")
        else:
            if fresh:
                check(reader, f"{kind} question")
            reader.answer(right=not fresh)
        if fresh:
            check(reader, f"{kind} settled")
        reader.onward()
    for row in reader.quiz.locator(".sc-results > li > details > summary").all():
        row.click()
    reader.quiz.locator(".sc-files > summary").click()
    check(reader, "summary with everything open")
    reader.button("Practice without limits").click()
    check(reader, "practice")


def test_the_ways_to_a_kernel_have_no_accessibility_violation(take, graded):
    options = {**SCREENS["phone"], "reduced_motion": "reduce"}
    reader = take(f"{graded.address}/toy.html", **options)
    reader.page.get_by_role("button", name="Run live").click()
    expect(reader.page.locator(".sc-live")).to_contain_text("make serve")
    reader.start()
    while reader.item["type"] != "code":
        reader.onward()
    check(reader, "code without a kernel")


def test_page_at_twice_the_size_has_no_scrolling_sideways(take, toy_url):
    reader = take(toy_url, viewport={"width": 640, "height": 450})
    reader.page.evaluate("document.documentElement.style.fontSize = '200%'")
    reader.start()
    for _ in range(7):
        assert looks.overflow(reader.page) <= 0, reader.item["type"]
        reader.onward()


def test_nothing_moves_where_motion_is_not_wanted(take, toy_url):
    reader = take(toy_url, reduced_motion="reduce")
    reader.start()
    moving = reader.page.evaluate(
        """() => [...document.querySelectorAll('.sc-quiz *')].filter(e => {
            const style = getComputedStyle(e);
            return style.transitionDuration !== '0s' && style.animationName !== 'none'
                || style.animationName !== 'none';
        }).length"""
    )
    assert moving == 0


def test_page_made_dark_by_the_reader_is_dark_in_the_quiz_too(take, toy_url):
    reader = take(toy_url)
    button = reader.button("Practice without limits")
    light = button.evaluate("e => getComputedStyle(e).color")
    reader.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert button.evaluate("e => getComputedStyle(e).color") != light


def test_verdict_is_told_by_words_and_not_by_color_alone(take, toy_url):
    reader = take(toy_url, forced_colors="active")
    reader.start()
    while reader.item["type"] == "code":
        reader.onward()
    reader.answer(right=True)
    expect(reader.verdict).to_contain_text("Right")
    expect(reader.quiz.locator(".sc-step-right")).to_contain_text("right")


def test_printed_page_shows_the_quiz_without_its_buttons(take, toy_url):
    reader = take(toy_url)
    reader.page.emulate_media(media="print")
    expect(reader.quiz.locator(".sc-title")).to_be_visible()
    expect(reader.button("Start the quiz")).to_be_hidden()
    expect(reader.page.locator(".sc-live")).to_be_hidden()
