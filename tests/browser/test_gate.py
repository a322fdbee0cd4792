"""Between two rounds: missed sections opened, ten minutes, and nobody locked out."""

import re

import pytest
from playwright.sync_api import Page, expect

from .taker import Taker

LOW = {"width": 1000, "height": 500}


@pytest.fixture
def spaced(toy_site):
    """A page whose headings are out of sight of its quiz; `old` becomes `new` in it."""

    def write(name: str = "spaced", old: str = "", new: str = "") -> str:
        text = (toy_site / "toy.html").read_text("utf-8")
        far = '<section id="quiz" style="padding-top: 1500px">'
        page = toy_site / f"{name}.html"
        text = text.replace('<section id="quiz">', far)
        page.write_text(text.replace(old, new) if old else text, "utf-8")
        return page.as_uri()

    return write


@pytest.fixture
def failed(take, spaced):
    """A reader who failed a round on a page whose clock the test moves."""

    def fail(url: str = "") -> Taker:
        reader = take(url or spaced(), viewport=LOW)
        reader.page.clock.install()
        reader.page.reload()
        reader.fail_round()
        return reader

    return fail


def row(reader: Taker, title: str):
    return reader.quiz.locator(".sc-sections > li", has_text=title)


def show(page: Page, heading: str) -> None:
    page.get_by_role("heading", name=heading).scroll_into_view_if_needed()


def test_failed_round_shuts_the_next_one_and_says_why(failed):
    reader = failed()
    gate = reader.quiz.get_by_role("group", name="Before the next round")
    expect(gate).to_contain_text("a pause of 10 minutes")
    expect(gate).to_contain_text("in 10 minutes, once the 2 sections")
    expect(row(reader, "Counting")).to_contain_text("not opened yet")
    start = reader.button("Start a new round")
    expect(start).to_have_attribute("aria-disabled", "true")
    expect(start).to_have_accessible_description(re.compile("The next round opens at"))
    start.click(force=True)
    expect(reader.quiz).to_contain_text("Not open yet.")
    assert len(reader.stored()["rounds"]) == 1
    expect(reader.button("Practice without limits")).to_be_enabled()


def test_section_is_opened_by_its_link_or_by_coming_into_view(failed):
    reader = failed()
    row(reader, "Counting").get_by_role("link").click()
    expect(row(reader, "Counting")).to_contain_text("Countingopened")
    expect(row(reader, "Order of calls")).to_contain_text("not opened yet")
    assert reader.stored()["gate"]["sections"] == ["order"]
    show(reader.page, "Order of calls")
    expect(row(reader, "Order of calls")).to_contain_text("Order of callsopened")
    assert reader.stored()["gate"]["sections"] == []


def test_gate_counts_the_minutes_and_opens_by_itself(failed):
    reader = failed()
    clock = reader.page.clock
    show(reader.page, "Counting")
    show(reader.page, "Order of calls")
    expect(reader.quiz).to_contain_text("in 10 minutes.")
    clock.run_for(61_000)
    expect(reader.quiz).to_contain_text("in 9 minutes.")
    clock.run_for(9 * 60_000)
    expect(reader.quiz).to_contain_text("The next round is open.")
    start = reader.button("Start a new round")
    expect(start).to_have_attribute("aria-disabled", "false")
    start.click()
    expect(reader.question).to_be_visible()
    assert len(reader.stored()["rounds"]) == 2


def test_pause_alone_does_not_open_the_gate(failed):
    reader = failed()
    reader.page.clock.run_for(11 * 60_000)
    expect(reader.quiz).to_contain_text("The pause is over; the next round opens once")
    reader.button("Start a new round").click(force=True)
    assert len(reader.stored()["rounds"]) == 1
    row(reader, "Counting").get_by_role("link").click()
    row(reader, "Order of calls").get_by_role("link").click()
    expect(reader.quiz).to_contain_text("The next round is open.")


def test_reload_keeps_ticks_and_time(failed):
    reader = failed()
    row(reader, "Counting").get_by_role("link").click()
    reader.page.clock.run_for(5 * 60_000)
    reader.page.goto(f"{reader.page.url.split('#')[0]}#quiz-toy")
    reader.page.reload()
    expect(reader.quiz).to_contain_text("in 5 minutes")
    expect(row(reader, "Counting")).to_contain_text("Countingopened")


def test_clock_that_is_set_back_locks_nobody_out_for_longer_than_one_wait(failed):
    reader = failed()
    reader.page.clock.set_system_time("2001-01-01T10:00:00Z")
    reader.page.reload()
    expect(reader.quiz).to_contain_text("in 10 minutes")
    assert reader.stored()["gate"]["since"].startswith("2001-01-01")


def test_section_without_an_address_is_not_asked_for(failed, spaced):
    reader = failed(spaced("nowhere", '"href": "#toy-count"', '"href": ""'))
    expect(row(reader, "Counting")).to_contain_text("opened")
    assert reader.stored()["gate"]["sections"] == ["order"]


def test_passed_round_shuts_nothing(take, graded):
    reader = take(f"{graded.address}/book/toy.html")
    reader.start()
    reader.take()
    expect(reader.quiz.locator(".sc-gate")).to_have_count(0)
    expect(reader.button("Start a new round")).to_have_attribute(
        "aria-disabled", "false"
    )


def test_section_opened_in_another_tab_is_ticked_here(failed):
    reader = failed()
    other = reader.page.context.new_page()
    other.set_viewport_size(LOW)
    other.goto(reader.page.url)
    other.locator(".sc-sections a", has_text="Counting").click()
    expect(row(reader, "Counting")).to_contain_text("Countingopened")
    expect(reader.quiz).not_to_contain_text("went on in another tab")
    other.close()
