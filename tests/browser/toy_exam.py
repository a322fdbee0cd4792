"""A part exam over two pools, each with a page, a salt, and a script of answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import toy

SLUG = "part"
SALTS = {"left": "1ef70000", "right": "41547000"}
DRAW = {"choice": 4, "multiple": 2, "output": 3, "short": 2, "code": 2}


def pool_of(item: str) -> str:
    """Return the pool that an item belongs to: two of each in turn."""
    return list(SALTS)[list(toy.ITEMS).index(item) // 2 % 2]


def payload() -> dict[str, Any]:
    """Return the exam's data, as its page holds them."""
    items = []
    for entry in toy.payload()["items"]:
        pool = pool_of(entry["id"])
        del entry["sealed"]
        aim = f"{pool}.{entry['objective']}"
        items.append({**entry, "pool": pool, "objective": aim})
    objectives = {
        f"{pool}.{name}": {
            **aim,
            "href": f"{pool}.html{aim['href']}",
            "title": f"{aim['title']}, {pool}",
        }
        for pool in SALTS
        for name, aim in toy.OBJECTIVES.items()
    }
    pools = {
        pool: {
            "salt": salt,
            "page": f"{pool}.html",
            "answers": f"_static/selfcheck/answers/{pool}.js",
        }
        for pool, salt in SALTS.items()
    }
    rules = {"draw": DRAW, "pass": {"at_least": 9, "must": ["code"]}}
    named = {"quiz": SLUG, "title": "Both halves", "salt": "no seal"}
    lists = {"items": items, "objectives": objectives, "pools": pools}
    return toy.payload() | rules | named | lists


def script(pool: str) -> str:
    """Return the script that brings a pool's questions and sealed answers."""
    items = [item for item in toy.ITEMS.values() if pool_of(item.id) == pool]
    brought = {
        "salt": SALTS[pool],
        "page": f"{pool}.html",
        "prompts": {item.id: [item.article()] for item in items},
        "sealed": {item.id: [item.sealed(SALTS[pool])] for item in items},
    }
    return f"(window.selfcheckAnswers ??= {{}}).{pool} = {json.dumps(brought)};"


def write(site: Path) -> Path:
    """Write the exam, its two pools' pages, and their scripts; return its page."""
    data = json.dumps(payload()).replace("</", "<\\/")
    section = (
        f'<section class="selfcheck" data-quiz="{SLUG}" id="quiz-{SLUG}">'
        f'<script type="application/json" class="sc-data">{data}</script></section>'
    )
    answers = site / "_static/selfcheck/answers"
    answers.mkdir(parents=True, exist_ok=True)
    for pool in SALTS:
        (answers / f"{pool}.js").write_text(script(pool), "utf-8")
        toy.write(site, name=f"{pool}.html", quiz="<p>Elsewhere.</p>")
    return toy.write(site, name="exam.html", quiz=section)
