"""A whole quiz by keyboard alone, from a failed round through the gate to a pass."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from .conftest import PROGRAM
from .taker import Taker

FAR = 150  # more tab stops than the page has


class Keys:
    """A reader who has no pointer."""

    def __init__(self, reader: Taker) -> None:
        self.reader = reader
        self.press = reader.page.keyboard.press

    def tab_to(self, place: Locator) -> None:
        """Press Tab until the focus is at a place; it has to come there."""
        here = "e => e === document.activeElement"
        for _ in range(FAR):
            if place.count() == 1 and place.evaluate(here):
                return
            self.press("Tab")
        pytest.fail(f"{FAR} times Tab do not lead to {place}")

    def enter(self, name: str) -> None:
        """Press a button by its name."""
        self.tab_to(self.reader.button(name))
        self.press("Enter")

    def answer(self) -> None:
        """Answer the question on the screen right."""
        reader, question = self.reader, self.reader.question
        if reader.item["type"] == "code":
            question.locator(".cm-content").wait_for()
            self.tab_to(question.locator(".cm-content"))
            self.press("Control+a")
            reader.page.keyboard.insert_text(PROGRAM)
            self.enter("Grade")
        else:
            self.fill(reader.right())
            self.enter("Unsure")
        expect(
            reader.quiz.locator(".sc-verdict:focus, .sc-settled:focus")
        ).to_be_visible()

    def fill(self, answer: dict[str, Any]) -> None:
        """Put an answer to a closed question in."""
        question, kind = self.reader.question, self.reader.item["type"]
        if kind == "choice":
            self.tab_to(question.locator("input").first)
            self.press("Space")
            wanted = question.locator(f'input[value="{answer["options"][0]}"]')
            while not wanted.is_checked():
                self.press("ArrowDown")
        for option in answer["options"] if kind == "multiple" else []:
            self.tab_to(question.locator(f'input[value="{option}"]'))
            self.press("Space")
        for line in answer.get("lines", []):
            row = question.locator(f'[data-line="{line}"]')
            self.tab_to(row.get_by_role("button", name="Add"))
            self.press("Enter")
        if "text" in answer:
            self.tab_to(question.locator(".sc-typed"))
            self.reader.page.keyboard.insert_text(answer["text"].strip())


def test_failed_round_gate_and_passed_round_need_no_pointer(take, graded):
    reader = take(f"{graded.address}/book/toy.html")
    reader.page.clock.install()
    reader.page.reload()
    keys = Keys(reader)
    for start in ("Start the quiz", "Next attempt: 8 other questions"):
        keys.enter(start)
        expect(reader.question.locator("legend")).to_be_focused()
        keys.enter("End this attempt")
        expect(reader.button("Cancel")).to_be_focused()
        reader.page.keyboard.press("Shift+Tab")
        reader.page.keyboard.press("Enter")
        expect(reader.quiz.locator(".sc-result")).to_be_focused()
    for link in reader.quiz.locator(".sc-sections a").all():
        keys.tab_to(link)
        reader.page.keyboard.press("Enter")
    assert reader.stored()["gate"]["sections"] == []
    keys.enter("Start a new round")
    expect(reader.quiz).to_contain_text("Not open yet.")
    expect(reader.button("Start a new round")).to_be_focused()
    reader.page.clock.run_for(11 * 60_000)
    reader.page.keyboard.press("Enter")
    for n in range(8):
        expect(reader.question.locator("legend")).to_contain_text(f"Question {n + 1}")
        keys.answer()
        keys.enter("Next question" if n < 7 else "See the result")
    expect(reader.quiz.locator(".sc-result")).to_contain_text("Passed. 8 of 8 points")
