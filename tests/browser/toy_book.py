"""A small book of two quizzes and a part exam, with a page for the reader's progress.

The scripts and the list of quizzes have the form that the real directive gives them;
questions and seals are the toy quiz's. States come from the real rules, event by event.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from selfcheck import state
from selfcheck.seal import label, seal

from . import toy
from .toy import ITEMS, Item

BOOK = "toy-book"
NAME = "progress.html"
RULES = {"attempts": 2, "gate": 10, "retire": 7, "review": [1, 3, 7, 21]}
EXAM = "part"
TITLES = {"sums": "Sums and loops", "words": "Words", EXAM: "The first part"}


@dataclass
class Asked:
    """A question of the book: who its siblings are, and what it is about."""

    item: Item
    objective: str
    family: str
    variants: int = 1


#: Three families: two siblings, one item with two variants, items by themselves.
POOLS: dict[str, list[Asked]] = {
    "sums": [
        Asked(ITEMS["toy-choice-0"], "loops", "loop"),
        Asked(ITEMS["toy-choice-1"], "loops", "loop"),
        Asked(ITEMS["toy-output-1"], "prints", "print", variants=2),
        Asked(ITEMS["toy-numeric"], "numbers", "toy-numeric"),
        Asked(ITEMS["toy-order"], "lines", "toy-order"),
        Asked(ITEMS["toy-code-0"], "programs", "toy-code-0"),
    ],
    "words": [
        Asked(ITEMS["toy-text"], "methods", "toy-text"),
        Asked(ITEMS["toy-multiple-0"], "types", "type"),
        Asked(ITEMS["toy-multiple-1"], "types", "type"),
    ],
}
DRAWS = {
    "sums": {"choice": 1, "output": 1, "short": 2, "code": 1},
    "words": {"multiple": 1, "short": 1},
    EXAM: {"choice": 1, "multiple": 1, "short": 1},
}
AIMS = {
    "loops": ("Loops", "<p>Count how often a loop runs.</p>"),
    "prints": ("Printing", "<p>Predict what a program <code>print</code>s.</p>"),
    "numbers": ("Numbers", "<p>Turn a fraction into a number.</p>"),
    "lines": ("Lines in order", "<p>Put the lines of a program in order.</p>"),
    "programs": ("Programs", "<p>Write a function of one line.</p>"),
    "methods": ("Methods", "<p>Name the methods of a list.</p>"),
    "types": ("Types", "<p>Say which types are <em>immutable</em>.</p>"),
}
FAMILIES = {a.item.id: a.family for pool in POOLS.values() for a in pool}


def salt(pool: str) -> str:
    """The salt of a pool's seals."""
    return f"5a17{pool}"


def sealed(item: Item, variant: int, pool: str) -> dict[str, Any]:
    """Return the blobs of one variant of a question."""

    def blob(name: str, value: Any) -> str:
        return seal(json.dumps(value), salt(pool), label(item.id, variant, name))

    return {
        "key": blob("key", item.key) if item.key else None,
        "why": blob("why", {"html": item.discussion}),
        "options": [
            blob(f"option.{j}", {"right": right, "why": why})
            for j, (_, right, why) in enumerate(item.options)
        ],
        "traps": [
            blob(f"trap.{j}", {"answer": answer, "why": why})
            for j, (answer, why) in enumerate(item.traps)
        ],
    }


def _items(pool: str) -> list[dict[str, Any]]:
    found = []
    for asked in POOLS[pool]:
        data = asked.item.data(asked.objective)
        del data["sealed"]
        data |= {"family": asked.family, "variants": asked.variants}
        found.append(data)
    return found


def data(quiz: str) -> dict[str, Any]:
    """Return the public data of a quiz or of the exam, addresses from the root."""
    head = {"schema": 1, "book": BOOK, "quiz": quiz, "title": TITLES[quiz], **RULES}
    head |= {"draw": DRAWS[quiz], "page": f"{quiz}.html"}
    size = sum(DRAWS[quiz].values())
    head["pass"] = {"at_least": size - 1, "must": []}
    if quiz != EXAM:
        return head | {
            "salt": salt(quiz),
            "answers": f"_static/selfcheck/answers/{quiz}.js",
            "objectives": {name: _aim(name) for name in _aims(quiz)},
            "items": _items(quiz),
        }
    return head | {
        "salt": "5a17",
        "objectives": {
            f"{pool}.{name}": _aim(name, f"{pool}.html")
            for pool in POOLS
            for name in _aims(pool)
        },
        "items": [
            {**item, "pool": pool, "objective": f"{pool}.{item['objective']}"}
            for pool in POOLS
            for item in _items(pool)
        ],
        "pools": {
            pool: {
                "salt": salt(pool),
                "page": f"{pool}.html",
                "answers": f"_static/selfcheck/answers/{pool}.js",
            }
            for pool in POOLS
        },
    }


def _aims(pool: str) -> list[str]:
    return list(dict.fromkeys(asked.objective for asked in POOLS[pool]))


def _aim(name: str, page: str = "") -> dict[str, str]:
    title, text = AIMS[name]
    return {"text": text, "href": f"{page}#{name}", "title": title}


def _script(name: str, quiz: str, value: Any) -> str:
    return f"(window.{name} ??= {{}})[{json.dumps(quiz)}] = {json.dumps(value)};\n"


def _answers(pool: str) -> dict[str, Any]:
    return {
        "salt": salt(pool),
        "page": f"{pool}.html",
        "prompts": {
            asked.item.id: [
                asked.item.article().replace(
                    '<div class="sc-prompt">',
                    f'<div class="sc-prompt"><p>Variant {n} of <a href="#here">one</a>.'
                    "</p>",
                )
                for n in range(asked.variants)
            ]
            for asked in POOLS[pool]
        },
        "sealed": {
            asked.item.id: [sealed(asked.item, n, pool) for n in range(asked.variants)]
            for asked in POOLS[pool]
        },
    }


_PAGE = """<!DOCTYPE html>
<html lang="en" data-content_root="./" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><title>Your progress</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
{styles}
<link rel="stylesheet" href="_static/selfcheck/selfcheck.css">
<script src="_static/selfcheck/selfcheck-progress.js" defer></script></head>
<body data-default-mode="">
<div class="bd-container"><div class="bd-container__inner bd-page-width">
<main id="main-content" class="bd-main"><div class="bd-content">
<div class="bd-article-container"><article class="bd-article">
<section id="progress"><h1>Your progress</h1>
<section class="selfcheck-progress" id="progress-page">
<noscript><p>In a terminal: <code>selfcheck review</code>.</p></noscript>
<script type="application/json" class="sc-book">{book}</script>
</section></section></article></div></div></main></div></div></body></html>
"""


def write(site: Path) -> Path:
    """Write the book's progress page into a folder that holds a toy site."""
    quizzes = [
        {
            "quiz": quiz,
            "title": title,
            "page": f"{quiz}.html#quiz-{quiz}",
            "data": f"_static/selfcheck/pools/{quiz}.js",
            "exam": quiz == EXAM,
            "objectives": len(data(quiz)["objectives"]),
        }
        for quiz, title in TITLES.items()
    ]
    for quiz in TITLES:
        _put(site, "pools", quiz, _script("selfcheckQuizzes", quiz, data(quiz)))
    for pool in POOLS:
        text = _script("selfcheckAnswers", pool, _answers(pool))
        _put(site, "answers", pool, text)
    listed = json.dumps({"schema": 1, "book": BOOK, "quizzes": quizzes})
    page = _PAGE.format(styles=toy.styles(site / "_static"), book=listed)
    path = site / NAME
    path.write_text(page, encoding="utf-8")
    return path


def _put(site: Path, kind: str, quiz: str, text: str) -> None:
    folder = site / "_static" / "selfcheck" / kind
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{quiz}.js").write_text(text, encoding="utf-8")


# What a reader did before


def iso(at: datetime) -> str:
    """A time as the record writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def after(
    quiz: str,
    at: datetime,
    wrong: Iterable[str] = (),
    sure: Iterable[str] = (),
    before: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the state after an attempt at `at`, one minute per question.

    Questions of the families in `wrong` are answered wrong until they are settled;
    those in `sure` were said to be sure, the others to be guessed.
    """
    rules = data(quiz)
    kinds = {item["id"]: item for item in rules["items"]}
    seed = str(random.Random(f"{quiz}{at}").random())
    now = state.reduce(rules, before, {"type": "start", "seed": seed, "now": iso(at)})
    assert state.current(now), "the quiz would not start"
    for entry in list(now["rounds"][-1]["attempts"][-1]["items"]):
        at += timedelta(minutes=1)
        family = FAMILIES[entry["id"]]
        right = family not in wrong
        code = kinds[entry["id"]]["type"] == "code"
        event = {
            "type": "answer",
            "item": entry["id"],
            "answer": {"source": "x"} if code else {"text": "an answer"},
            "right": right,
            "confidence": None if code else "sure" if family in sure else "guess",
            "now": iso(at),
        }
        for _ in range(1 if right else kinds[entry["id"]]["tries"]):
            now = state.reduce(rules, now, event)
    return now


def record(**states: dict[str, Any]) -> str:
    """Return the stored record of some quizzes."""
    return json.dumps({"schema": 2, "book": BOOK, "revision": 1, "quizzes": states})
