"""The contract of a dozen questions of the built chapter, in a browser.

An attempt with two questions or more of each type is put into the browser's record;
each question is left blank, answered with garbage, with a known mistake, and right.
What every variant of every question owes is held by `tests/selfcheck/test_items.py`.
"""

import json
import re
from collections.abc import Iterator

import pytest

from selfcheck import state
from selfcheck.migrate import SCHEMA
from selfcheck.rounds import fresh_entry

from .conftest import CHAPTER
from .taker import Answer, Taker

SLUG = "tape"
COUNTS = {"choice": 3, "multiple": 2, "output": 3, "numeric": 2, "text": 1, "order": 1}
NOW = "2026-03-01T10:00:00.000Z"
GARBAGE = "?! 12345.678 falsch"

pytestmark = pytest.mark.book


@pytest.fixture
def reader(visit, book) -> Taker:
    """A reader in the middle of an attempt with the dozen."""
    page = visit((book / CHAPTER).as_uri())
    taker = Taker(page, SLUG, {})
    entries = [fresh_entry(item, "dozen", number) for item, number in dozen(taker)]
    attempt = {"seed": "dozen", "started": NOW, "finished": None, "items": entries}
    quiz = state.empty() | {"rounds": [{"attempts": [attempt]}]}
    name = taker.data["book"]
    kept = {"schema": SCHEMA, "book": name, "revision": 1, "quizzes": {SLUG: quiz}}
    page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)",
        [f"selfcheck:{name}", json.dumps(kept)],
    )
    page.reload()
    again = Taker(page, SLUG, {})
    again.question.wait_for(timeout=60_000)
    return again


def dozen(taker: Taker) -> Iterator[tuple[dict, int]]:
    """Yield a few questions of each type, each in its last variant."""
    for kind, count in COUNTS.items():
        found = [item for item in taker.data["items"] if item["type"] == kind]
        assert len(found) >= count, kind
        for item in found[-count:]:
            yield item, item["variants"] - 1


def entry(taker: Taker) -> dict:
    """Return the record of the question on the screen."""
    name = taker.item["id"]
    return next(found for found in taker.attempt()["items"] if found["id"] == name)


def tries(taker: Taker) -> int:
    return len(entry(taker)["tries"])


def text_of(taker: Taker, html: str) -> str:
    """Return what a reader sees of an HTML text."""
    read = "html => Object.assign(document.createElement('div'), {innerHTML: html})"
    return bare(taker.page.evaluate(f"html => ({read})(html).textContent", html))


def bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def said(taker: Taker) -> str:
    return bare(taker.quiz.text_content() or "")


def mistake(taker: Taker) -> tuple[Answer, list[str]]:
    """Return a known mistake, and the refutations that belong to it."""
    kind, sealed = taker.item["type"], taker.sealed
    if sealed["options"]:
        blobs = enumerate(sealed["options"])
        options = [taker.opened(f"option.{j}", blob) for j, blob in blobs]
        wrong = max(j for j, option in enumerate(options) if not option["right"])
        return {"options": [wrong]}, [options[wrong]["why"]]
    number = len(sealed["traps"]) - 1
    trap = taker.opened(f"trap.{number}", sealed["traps"][number])
    if kind == "order":
        right = taker.right()["lines"]
        return {"lines": [*trap["answer"]["lines"], *right[1:]]}, [trap["why"]]
    shape = trap["answer"]
    value = shape.get("text", shape.get("value", shape.get("accept", [""])[0]))
    return {"text": str(value)}, [trap["why"]]


def refuted(taker: Taker) -> None:
    """Give the known mistake until it settles the question; read its refutation."""
    answer, whys = mistake(taker)
    while entry(taker)["state"] == "open":
        remove = taker.question.get_by_role("button", name="Remove")
        while remove.count():
            remove.first.click()
        before = tries(taker)
        taker.fill(answer)
        taker.submit()
        taker.verdict.wait_for()
        assert tries(taker) == before + 1, taker.item["id"]
    for why in whys:
        assert text_of(taker, why) in said(taker), taker.item["id"]


def test_blanks_use_no_try_garbage_is_wrong_and_a_mistake_is_refuted(reader: Taker):
    for _ in range(sum(COUNTS.values())):
        kind, name = reader.item["type"], reader.item["id"]
        reader.submit()
        assert reader.quiz.locator(".sc-complaint").first.text_content(), name
        assert tries(reader) == 0, name
        if kind in ("output", "numeric", "text"):
            reader.fill({"text": GARBAGE})
            reader.submit()
            assert tries(reader) == (kind != "numeric"), name
        refuted(reader)
        reader.onward()
    entries = reader.attempt()["items"]
    assert [entry["state"] for entry in entries] == ["wrong"] * len(entries)


def test_right_answers_take_all_points(reader: Taker):
    for _ in range(sum(COUNTS.values())):
        reader.answer(right=True)
        assert "Right" in (reader.verdict.text_content() or ""), reader.item["id"]
        reader.onward()
    entries = reader.attempt()["items"]
    assert [entry["points"] for entry in entries] == [1] * len(entries)
