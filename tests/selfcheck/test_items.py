"""The contract of every question in every pool of the book, and of the example.

Each variant of each closed item goes the way of a page (loaded, rendered, sealed,
unsealed, judged, recorded) and the way of a terminal. Right is right; each wrong
option and each known mistake is wrong with its own refutation; what cannot be judged
uses no try; nothing raises.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from selfcheck import asking, compare, config, keys, load, payload, seal, state
from selfcheck.asking import Console
from selfcheck.model import tries
from selfcheck.problems import PoolError
from selfcheck.rendering import render
from selfcheck.rounds import add_try, fresh_entry, worth
from selfcheck.spoken import Question
from selfcheck.texts import texts
from selfcheck.variants import combinations

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "book" / "quizzes", ROOT / "tests/selfcheck/data/example/quizzes")
POOLS = [path for folder in FOLDERS for path in sorted(folder.glob("*/pool.yaml"))]
SEED, NOW = "contract", "2026-03-01T10:00:00.000Z"
GARBAGE = "?! gänzlich 12345.678 falsch {x}"
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Built:
    """A pool with its keys, its texts as HTML, its public data, and its page."""

    file: load.PoolFile
    keys: keys.Keys
    html: Mapping[Any, str]
    data: Json

    @property
    def salt(self) -> str:
        return self.data["salt"]


@cache
def built(path: Path) -> Built:
    book = config.read(path.parents[1])
    if path.parents[1] != FOLDERS[0]:
        book = config.Config(
            **{**vars(book), "build": ROOT / "_build/selfcheck/example"}
        )
    file = load.load(path, book)
    found = keys.resolve(file, book)
    rendered = {text.label: render(text.source) for text in texts(file)}
    links = {name: {"href": "", "title": ""} for name in file.objectives}
    data = payload.assemble(file, found, book.book, rendered, links)
    return Built(file, found, rendered, data)


@dataclass(frozen=True)
class Asked:
    """One variant of one closed item, ready to be answered."""

    pool: Built
    item: Json
    number: int

    def __str__(self) -> str:
        return f"{self.item['id']}-{self.number}"

    def opened(self, field: str, blob: str) -> Json:
        """Unseal what a page unseals."""
        label = seal.label(self.item["id"], self.number, field)
        return json.loads(seal.unseal(blob, self.pool.salt, label))

    @property
    def sealed(self) -> Json:
        return self.item["sealed"][self.number]

    @property
    def key(self) -> Json:
        return self.opened("key", self.sealed["key"])

    @property
    def options(self) -> list[Json]:
        blobs = enumerate(self.sealed["options"])
        return [self.opened(f"option.{j}", blob) for j, blob in blobs]

    @property
    def traps(self) -> list[Json]:
        blobs = enumerate(self.sealed["traps"])
        return [self.opened(f"trap.{j}", blob) for j, blob in blobs]

    @property
    def question(self) -> Question:
        """The same question as a terminal asks it."""
        pool = self.pool
        return Question.of(pool.file, pool.keys, self.item["id"], self.number)

    def is_right(self, answer: Json) -> bool:
        """Judge as a page does; a terminal has to judge alike."""
        kind, rule = self.item["type"], self.item["compare"]
        found = compare.is_right(kind, self.key, answer, rule)
        assert self.question.is_right(answer) is found
        return found

    def refuted(self, answer: Json) -> list[str]:
        """Return what a page says of a wrong answer; a terminal has to say the same."""
        said = [*self._of_options(answer), *self._of_traps(answer)]
        spoken = [render(text) for text in self.question.refutations(answer)]
        assert len(spoken) == len(said)
        for ours, theirs in zip(said, spoken, strict=True):
            if self.item["type"] == "multiple":  # a terminal quotes the option first
                assert bare(theirs).endswith(bare(ours))
            else:
                assert ours == theirs
        return said

    def _of_options(self, answer: Json) -> Iterator[str]:
        chosen = answer.get("options", ())
        return (
            o["why"]
            for j, o in enumerate(self.options)
            if j in chosen and not o["right"]
        )

    def _of_traps(self, answer: Json) -> Iterator[str]:
        kind, rule = self.item["type"], self.item["compare"]
        caught = compare.which_trap(kind, self.traps, answer, rule)
        if caught is not None:
            yield self.traps[caught]["why"]

    def record(self, answer: Json, times: int = 1) -> Json:
        """Return the entry of an attempt after an answer, given several times."""
        entry = fresh_entry(self.item, SEED, self.number)
        attempt = {"seed": SEED, "started": NOW, "finished": None, "items": [entry]}
        found = state.empty() | {"rounds": [{"attempts": [attempt]}]}
        event = {
            "type": "answer",
            "item": self.item["id"],
            "answer": answer,
            "now": NOW,
        }
        for _ in range(times):
            right = self.is_right(answer)
            found = state.reduce(self.pool.data, found, event | {"right": right})
        return found["rounds"][0]["attempts"][0]["items"][0]


def bare(page: str) -> str:
    """Return the text of a page without its markup."""
    return " ".join(re.sub(r"<[^<>]*>", "", page).split())


def every_question() -> Iterator[Any]:
    for path in POOLS:
        try:
            items = load.load(path).items
        except PoolError:  # told where it is loaded again: in a test of its name
            yield pytest.param((path, "", 0), id=f"{path.parent.name}-is-not-valid")
            continue
        for item in items:
            for number in range(len(combinations(item))):
                if item.type != "code":
                    name = f"{item.id}-{number}"
                    yield pytest.param((path, item.id, number), id=name)


@pytest.fixture(params=every_question())
def asked(request: pytest.FixtureRequest) -> Asked:
    path, name, number = request.param
    pool = built(path)
    item = next(entry for entry in pool.data["items"] if entry["id"] == name)
    return Asked(pool, item, number)


def right_answers(asked: Asked) -> list[Json]:
    key = asked.key
    if "value" in key:
        return [{"text": str(key["value"])}, {"text": f"  {key['value']} "}]
    if "accept" in key:
        return [{"text": form} for form in key["accept"]] + [
            {"text": f"`{key['accept'][0].upper()}`."}
        ]
    if "text" in key:
        wide = key["text"].replace(" ", "   ").replace("\n", "\n\n")
        return [key, {"text": key["text"].strip()}, {"text": wide}]
    return [key]


def wrong_answers(asked: Asked) -> Iterator[tuple[Json, str | None]]:
    """Yield each wrong answer with the refutation that belongs to it, if one does."""
    kind, key = asked.item["type"], asked.key
    for j, option in enumerate(asked.options):
        if kind == "choice" and not option["right"]:
            yield {"options": [j]}, option["why"]
        elif kind == "multiple":
            why = None if option["right"] else option["why"]
            yield {"options": sorted({*key["options"]} ^ {j})}, why
    for trap in asked.traps:
        answer = trap["answer"]
        if kind == "order":
            yield {"lines": [*key["lines"], *answer["lines"]]}, trap["why"]
            yield {"lines": [*answer["lines"], *key["lines"][1:]]}, trap["why"]
        for form in answer.get("accept", ()):
            yield {"text": form}, trap["why"]
        if "value" in answer or "text" in answer:
            yield {"text": str(answer.get("text", answer.get("value")))}, trap["why"]
    if kind == "order":
        yield {"lines": key["lines"][::-1]}, None
        yield {"lines": key["lines"][:-1]}, None
    if kind in ("output", "numeric", "text"):
        yield {"text": GARBAGE}, None


def test_a_right_answer_is_right_in_every_form_and_takes_all_points(asked: Asked):
    for answer in right_answers(asked):
        assert asked.is_right(answer), answer
        entry = asked.record(answer)
        assert (entry["state"], entry["points"]) == ("right", 1)


def test_each_wrong_answer_is_wrong_with_its_own_refutation(asked: Asked):
    seen = list(wrong_answers(asked))
    assert seen
    for answer, why in seen:
        assert not asked.is_right(answer), answer
        assert asked.refuted(answer) == ([why] if why else []), answer
        total = asked.item["tries"]
        assert asked.record(answer, total - 1)["state"] == "open"
        assert asked.record(answer, total)["state"] == "wrong"


def test_a_right_second_try_is_worth_half(asked: Asked):
    if asked.item["tries"] < 2:
        assert asked.item["type"] in ("choice", "multiple")
        return
    wrong, _ = next(wrong_answers(asked))
    entry = fresh_entry(asked.item, SEED, asked.number)
    for answer in (wrong, right_answers(asked)[0]):
        event = {"now": NOW, "answer": answer, "right": asked.is_right(answer)}
        add_try(asked.item, entry, event)
    assert (entry["state"], entry["points"]) == ("right", worth("output", 2))


def typed(asked: Asked, answer: Json, order: list[int]) -> str:
    places = [order.index(j) for j in answer.get("options", answer.get("lines", ()))]
    return answer.get("text") or " ".join(asking.LETTERS[p] for p in places)


def test_a_terminal_takes_blanks_and_garbage_for_no_answer_where_it_can(asked: Asked):
    kind = asked.item["type"]
    order = fresh_entry(asked.item, SEED, asked.number)["order"]
    right = right_answers(asked)[0]
    last = typed(asked, right, order).replace("\n", " ")
    lines = iter(["", "   ", GARBAGE, last])
    read = asking.read_answer(
        asked.question, order, Console(lambda _: next(lines), len)
    )
    if kind in ("output", "text"):
        assert read == {"text": GARBAGE} and not asked.is_right(read)
    else:
        assert asked.is_right(read) and next(lines, None) is None


def test_nothing_that_is_typed_raises_or_is_right_by_chance(asked: Asked):
    kind = asked.item["type"]
    for text in ("", " ", "\n", "nan", "-inf", "1/0", "\u0000", "```", "()", "𝟏" * 500):
        answer: Json = {"text": text}
        if kind in ("choice", "multiple"):
            answer = {"options": []}
        elif kind == "order":
            answer = {"lines": []}
        assert not asked.is_right(answer), repr(text)
        if kind != "choice":  # a page and a terminal refuse it before
            asked.refuted(answer)


class Articles(HTMLParser):
    """The attributes of every question in a page, and its options."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[str, int], list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "article":
            self.last = (named["data-item"], int(named["data-variant"]))
            self.found[self.last] = []
        elif "data-option" in named:
            self.found[self.last].append(named["data-option"])


@pytest.mark.parametrize("path", POOLS, ids=lambda path: path.parent.name)
def test_a_page_holds_every_variant_with_its_options(path: Path):
    pool = built(path)
    page = Articles()
    page.feed(payload.section(pool.data, pool.html))
    wanted = {
        (item["id"], number): [str(j) for j in range(item["options"])]
        for item in pool.data["items"]
        for number in range(item["variants"])
    }
    assert page.found == wanted


@pytest.mark.parametrize("path", POOLS, ids=lambda path: path.parent.name)
def test_every_item_has_its_key_its_tries_and_its_texts(path: Path):
    pool = built(path)
    assert [item["id"] for item in pool.data["items"]] == list(pool.file.index)
    for item in pool.file.items:
        entry = next(e for e in pool.data["items"] if e["id"] == item.id)
        assert entry["tries"] == tries(item)
        assert len(entry["sealed"]) == entry["variants"] == len(combinations(item))
    assert all(html.strip() for html in pool.html.values())
