"""What a page gets of a quiz: public data, and its keys sealed.

Rendering is left to the caller. `selfcheck.texts` lists every MyST text of a quiz
under a label; `assemble` seals the rendered texts and `section` shows the others.
Sphinx and the notebook differ only in what stands between the two.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from selfcheck import seal
from selfcheck.answers import Answers
from selfcheck.articles import TASKS, Html, section
from selfcheck.exam import ExamFile
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.model import AnyItem, Code, Key, Order, Output, Quiz, stratum, tries
from selfcheck.variants import options

__all__ = [
    "SCHEMA",
    "TASKS",
    "assemble",
    "public",
    "public_exam",
    "revision",
    "section",
]

SCHEMA = 1


def revision(item: AnyItem, answers: tuple[Answers, ...]) -> str:
    """Hash what gives an item its meaning: 12 hex digits.

    An attempt in progress asks the item anew when this changes. Refutations,
    evidence, level, and objective may be mended without that.
    """
    data = item.model_dump(mode="json", by_alias=True)
    for part in ("why", "evidence", "level", "objective", "family"):
        data.pop(part, None)
    for field in ("key", "keys", "wrong", "distractors", "traps"):
        listed = data.get(field) or []
        for part in listed if isinstance(listed, list) else [listed]:
            part.pop("why", None)
            part.pop("misconception", None)
    data["answers"] = [[a.key, list(a.traps)] for a in answers]
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def public(file: PoolFile | ExamFile, keys: Keys, book: str) -> dict[str, Any]:
    """Return a quiz without its keys: what sampling, rules, and state need.

    Items whose keys could not be computed are left out. The data of an exam name the
    `pool` of each item and, under `pools`, the salt of each pool's seals.
    """
    if isinstance(file, ExamFile):
        return public_exam(file, keys, book)
    items = _items(file, keys)
    salt = _salt(file.slug, *(item["rev"] for item in items))
    return {**_head(file, book), "salt": salt, "items": items}


def public_exam(file: ExamFile, keys: Keys, book: str) -> dict[str, Any]:
    """Return an exam without its keys, shaped like any other quiz."""
    parts = {pool.slug: public(pool, keys, book) for pool in file.pools}
    items = [
        {**item, "pool": name, "objective": f"{name}.{item['objective']}"}
        for name, part in parts.items()
        for item in part["items"]
    ]
    return {
        **_head(file, book),
        "salt": _salt(file.slug, *(part["salt"] for part in parts.values())),
        "pools": {name: {"salt": part["salt"]} for name, part in parts.items()},
        "items": items,
    }


def _head(file: PoolFile | ExamFile, book: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "book": book,
        "quiz": file.slug,
        "title": file.title,
        **rules(file.quiz),
    }


def rules(quiz: Quiz) -> dict[str, Any]:
    """Return the rules of a quiz as a page reads them."""
    return {
        "draw": dict(quiz.draw),
        "pass": quiz.pass_.model_dump(),
        "attempts": quiz.attempts,
        "gate": quiz.gate,
        "retire": quiz.retire,
        "review": list(quiz.review),
    }


def _salt(*parts: str) -> str:
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def _items(file: PoolFile, keys: Keys) -> list[dict[str, Any]]:
    return [
        _public_item(file, item, keys[item.id])
        for item in file.pool.items
        if item.id in keys
    ]


def _public_item(
    file: PoolFile, item: AnyItem, answers: tuple[Answers, ...]
) -> dict[str, Any]:
    found = {
        "id": item.id,
        "rev": revision(item, answers),
        "family": item.kin,
        "type": item.type,
        "stratum": stratum(item),
        "objective": item.objective,
        "level": item.level,
        "variants": len(answers),
        "options": len(options(item, file.pool.pool)),
        "tries": tries(item),
        "compare": item.compare.model_dump() if isinstance(item, Output) else None,
        "starter": None,
        "example": None,
    }
    if isinstance(item, Code):
        for name in ("starter", "example"):
            path = file.folder / item.id / f"{name}.py"
            found[name] = path.read_text("utf-8") if path.is_file() else None
    return found


def assemble(
    file: PoolFile | ExamFile,
    keys: Keys,
    book: str,
    rendered: Html,
    links: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Return the data of a page, keys sealed.

    `links` gives each objective its section's `href` and `title`.
    """
    data = public(file, keys, book)
    data["objectives"] = objectives(file, rendered, links)
    for entry in data["items"]:
        pool = file.owner(entry["id"])
        item = pool.item(entry["id"])
        salt = data["pools"][pool.slug]["salt"] if "pools" in data else data["salt"]
        entry["sealed"] = [
            _seal_variant(pool, item, number, answer, rendered, salt)
            for number, answer in enumerate(keys[item.id])
        ]
    return data


def objectives(
    file: PoolFile | ExamFile,
    rendered: Html,
    links: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Return what a page says of each objective: text, `href`, and `title`."""
    return {
        name: {"text": rendered["", 0, name], **links[name]} for name in file.objectives
    }


def _seal_variant(
    file: PoolFile,
    item: AnyItem,
    number: int,
    answer: Answers,
    rendered: Html,
    salt: str,
) -> dict[str, Any]:
    def blob(field: str, value: dict[str, Any]) -> str:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        return seal.seal(text, salt, seal.label(item.id, number, field))

    listed = options(item, file.pool.pool)

    def why(field: str) -> str:
        return rendered.get((item.id, number, field), "")

    keyed = [j for j, option in enumerate(listed) if isinstance(option, Key)]
    discussion = why("why") or "".join(why(f"option.{j}.why") for j in keyed)
    sealed: dict[str, Any] = {
        "key": blob("key", answer.key),
        "why": blob("why", {"html": discussion}),
        "options": [],
        "traps": [],
    }
    if not isinstance(item, Order):
        sealed["options"] = [
            blob(f"option.{j}", {"right": j in keyed, "why": why(f"option.{j}.why")})
            for j in range(len(listed))
        ]
    for j, trap in enumerate(answer.traps):
        spoken = why(f"trap.{j}.why")
        if isinstance(item, Order):
            spoken = why(f"option.{trap['lines'][0]}.why")
        sealed["traps"].append(blob(f"trap.{j}", {"answer": trap, "why": spoken}))
    return sealed
