"""Read and review on the page with the reader's progress, knowing the answers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from playwright.sync_api import Locator, Page

from selfcheck.seal import label, unseal

from .taker import Taker


class Reviewer(Taker):
    """A reader of the progress page, who can answer right or wrong at will."""

    def __init__(self, page: Page, book: str, programs: dict[str, str]) -> None:
        """`programs` maps the id of each coding question to a right program."""
        self.page = page
        self.book = book
        self.programs = programs
        self.quiz: Locator = page.locator(".sc-progress")

    # What stands there

    def part(self, name: str) -> Locator:
        """A part of the page: due, known, judgment, or record."""
        return self.quiz.locator(f'section[aria-labelledby="progress-{name}"]')

    def level(self, objective: str) -> str:
        """What the list says of an objective."""
        row = self.part("known").locator(f'[data-objective="{objective}"]')
        return row.locator(".sc-level").text_content() or ""

    @property
    def item(self) -> dict[str, Any]:
        """The data of the question on the screen, with its seals and its pool."""
        name = self.question.get_attribute("data-item") or ""
        return self.page.evaluate(
            """name => {
                for (const quiz of Object.values(window.selfcheckQuizzes)) {
                    const item = quiz.items.find(({id}) => id === name);
                    if (!item) continue;
                    const pool = item.pool ?? quiz.quiz;
                    const {sealed, salt} = window.selfcheckAnswers[pool];
                    return {...item, pool, salt, sealed: sealed[name]};
                }
            }""",
            name,
        )

    def opened(self, field: str, blob: str) -> Any:
        """Unseal a blob of the question on the screen."""
        item = self.item
        variant = int(self.question.get_attribute("data-variant") or 0)
        return json.loads(unseal(blob, item["salt"], label(item["id"], variant, field)))

    def record(self) -> dict[str, Any]:
        """The whole stored record."""
        name = f"selfcheck:{self.book}"
        text = self.page.evaluate("name => localStorage.getItem(name)", name)
        return json.loads(text)

    def card(self, quiz: str, family: str) -> dict[str, Any]:
        """A card of a quiz's deck as it is stored."""
        return self.record()["quizzes"][quiz]["deck"][family]

    # What a reader does

    def come(self, at: datetime) -> None:
        """Open the page anew at another time."""
        self.page.clock.set_system_time(at)
        self.page.reload()
        self.ready()

    def ready(self) -> None:
        """Wait until the page has drawn what it read."""
        self.page.locator(".sc-progress:not([aria-busy])").wait_for()

    def begin(self) -> None:
        """Begin the review."""
        self.button("Review").click()
        self.question.wait_for()

    def go_on(self) -> None:
        """From a settled question to the next one, or to the end."""
        self.button("Next question").or_(self.button("See the result")).click()
        self.question.or_(self.quiz.locator(".sc-result")).first.wait_for()

    def review(self, wrong: tuple[str, ...] = ()) -> list[str]:
        """Answer all that is due, those in `wrong` wrong; return the ids asked."""
        asked = []
        self.begin()
        while self.question.count():
            name = self.item["id"]
            asked.append(name)
            if self.item["type"] == "code":
                self.button("Give up").click()
            else:
                self.answer(name not in wrong)
            self.go_on()
        return asked
