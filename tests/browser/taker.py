"""Take a quiz in a page as a reader does, knowing the answers from the sealed data."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page

from selfcheck.seal import label, unseal

Answer = dict[str, Any]


class Taker:
    """A reader of one quiz, who can answer right or wrong at will."""

    def __init__(self, page: Page, slug: str, programs: dict[str, str]) -> None:
        """`programs` maps the id of each coding question to a right program."""
        self.page = page
        self.slug = slug
        self.programs = programs
        self.quiz: Locator = page.locator(f'section[data-quiz="{slug}"] .sc-quiz')
        text = page.locator(f'section[data-quiz="{slug}"] .sc-data').text_content()
        self.data: dict[str, Any] = json.loads(text or "")
        if "answers" in self.data or "pools" in self.data:
            self._load_answers()
        self.items = {item["id"]: item for item in self.data["items"]}

    def _load_answers(self) -> None:
        """Read what the page itself loads when its quiz is begun."""
        pools = self.data.get("pools", {self.slug: self.data})
        for pool, source in pools.items():
            self.page.add_script_tag(url=source["answers"])
            brought = "pool => window.selfcheckAnswers[pool].sealed"
            sealed = self.page.evaluate(brought, pool)
            for item in self.data["items"]:
                if item.get("pool", pool) == pool:
                    item["sealed"] = sealed[item["id"]]

    # What stands there

    @property
    def question(self) -> Locator:
        """The question on the screen."""
        return self.quiz.locator(".sc-question")

    @property
    def item(self) -> dict[str, Any]:
        """The data of the question on the screen."""
        return self.items[self.question.get_attribute("data-item") or ""]

    def shown(self) -> str:
        """The text of the question, without what was only announced."""
        return self.question.evaluate(
            """node => {
                const copy = node.cloneNode(true);
                copy.querySelectorAll('.sc-unseen').forEach(e => e.remove());
                return copy.textContent;
            }"""
        )

    @property
    def verdict(self) -> Locator:
        """What was said to the last answer."""
        return self.quiz.locator(".sc-settled, .sc-verdict").first

    def button(self, name: str) -> Locator:
        """A button of the quiz by its exact name."""
        return self.quiz.get_by_role("button", name=name, exact=True)

    def drawn(self) -> list[str]:
        """The ids of the open or last attempt, in the order in which they are asked."""
        return [entry["id"] for entry in self.attempt()["items"]]

    def attempt(self) -> dict[str, Any]:
        """The last attempt as it is stored."""
        return self.stored()["rounds"][-1]["attempts"][-1]

    def stored(self) -> dict[str, Any]:
        """The quiz's part of the stored progress."""
        key = f"selfcheck:{self.data['book']}"
        text = self.page.evaluate("key => localStorage.getItem(key)", key)
        return json.loads(text)["quizzes"][self.slug]

    # What is behind the seals

    def opened(self, field: str, blob: str) -> Any:
        """Unseal a blob of the question on the screen."""
        variant = int(self.question.get_attribute("data-variant") or 0)
        name = label(self.item["id"], variant, field)
        pool = self.data.get("pools", {}).get(self.item.get("pool"), self.data)
        return json.loads(unseal(blob, pool["salt"], name))

    @property
    def sealed(self) -> dict[str, Any]:
        """The blobs of the question on the screen."""
        return self.item["sealed"][
            int(self.question.get_attribute("data-variant") or 0)
        ]

    def right(self) -> Answer:
        """A right answer to the question on the screen."""
        key = self.opened("key", self.sealed["key"])
        if "value" in key:
            return {"text": str(key["value"])}
        return {"text": key["accept"][0]} if "accept" in key else key

    def wrong(self) -> Answer:
        """An answer that falls for a known mistake where one is known."""
        kind, sealed = self.item["type"], self.sealed
        if sealed["options"]:
            blobs = [
                self.opened(f"option.{j}", blob)
                for j, blob in enumerate(sealed["options"])
            ]
            return {"options": [next(j for j, o in enumerate(blobs) if not o["right"])]}
        if kind == "order":
            return {"lines": self.right()["lines"][:1]}
        if not sealed["traps"]:
            return {"text": "-12345.678 no such answer"}
        trap = self.opened("trap.0", sealed["traps"][0])["answer"]
        if "accept" in trap:
            return {"text": trap["accept"][0]}
        return {"text": str(trap.get("text", trap.get("value")))}

    # What a reader does

    def start(self) -> None:
        """Begin an attempt from the first screen or from a summary."""
        self.quiz.locator(".sc-primary").click()
        self.question.wait_for()

    def fill(self, answer: Answer) -> None:
        """Put an answer in without sending it."""
        for option in answer.get("options", []):
            self.question.locator(f'input[value="{option}"]').check()
        for line in answer.get("lines", []):
            row = self.question.locator(f'[data-line="{line}"]')
            row.get_by_role("button", name="Add").click()
        if "text" in answer:
            self.question.locator(".sc-typed").fill(answer["text"])

    def answer(self, right: bool) -> None:
        """Answer the closed question on the screen; a wrong one uses all its tries."""
        for _ in range(1 if right else self.item["tries"]):
            if self.item["type"] == "order":
                for remove in self.question.get_by_role("button", name="Remove").all():
                    remove.click()
            self.fill(self.right() if right else self.wrong())
            self.submit()
            self.verdict.wait_for()

    def submit(self, confidence: str = "Sure") -> None:
        """Submit what was filled in, saying how sure the reader is."""
        self.button(confidence).click()

    def write(self, source: str) -> None:
        """Put a program into the editor of a coding question."""
        editor = self.question.locator(".cm-content")
        editor.wait_for()
        editor.focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def grade(self, source: str, timeout: float = 60_000) -> Locator:
        """Submit a program and wait for the verdict, which takes the focus."""
        self.write(source)
        self.button("Grade").click()
        self.button("Grade").or_(self.quiz.locator(".sc-settled")).wait_for()
        said = self.quiz.locator(".sc-verdict:focus, .sc-settled:focus")
        said.wait_for(timeout=timeout)
        return said

    def onward(self) -> None:
        """Go to the next question, or to the result."""
        self.quiz.locator(".sc-onward .sc-button").first.click()

    def end(self) -> None:
        """End the attempt: what is open counts as wrong."""
        self.button("End this attempt").click()
        self.button("End this attempt").click()
        self.quiz.locator(".sc-result").wait_for()

    def fail_round(self) -> None:
        """Fail both attempts of a round, with nothing answered."""
        for _ in range(self.data["attempts"]):
            self.start()
            self.end()

    def seek(self, *kinds: str) -> None:
        """Go on to the next question of one of these types."""
        while self.item["type"] not in kinds:
            self.onward()

    def practice(self, *kinds: str) -> None:
        """Begin practice, at a question of one of these types."""
        self.button("Practice without limits").click()
        while self.item["type"] not in kinds:
            self.button("Another question").click()

    def take(self, wrong: int = 0, code: bool = True) -> None:
        """Go through a whole attempt: the first `wrong` closed answers are wrong.

        With `code` the coding question is solved, otherwise it is given up.
        """
        for _ in self.drawn():
            if self.item["type"] != "code":
                self.answer(wrong <= 0)
                wrong -= 1
            elif code:
                self.grade(self.programs[self.item["id"]])
            else:
                self.button("Give up").click()
            self.onward()
        self.quiz.locator(".sc-result").wait_for()
