"""What a page gets of a quiz: readable prompts, public data, and sealed keys.

Rendering is left to the caller. `selfcheck.texts` lists every MyST text of a pool
under a label; `assemble` puts the rendered texts back in place. Sphinx and the notebook
differ only in what stands between the two.
"""

import hashlib
import html
import json
from collections.abc import Mapping
from typing import Any

from selfcheck import seal
from selfcheck.answers import Answers
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.model import (
    AnyItem,
    Code,
    Key,
    Order,
    Output,
    stratum,
    tries,
)
from selfcheck.texts import Label
from selfcheck.variants import options

Html = Mapping[Label, str]

SCHEMA = 1
TASKS = {
    "choice": "Choose one answer.",
    "multiple": "Choose every answer that is right.",
    "output": "Write down what the program prints.",
    "numeric": "Write a number.",
    "text": "Write a short answer.",
    "order": "Put the lines that belong here in order.",
    "code": "Write a program.",
}


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


def public(file: PoolFile, keys: Keys, book: str) -> dict[str, Any]:
    """Return a quiz without its keys: what sampling, rules, and state need.

    Items whose keys could not be computed are left out.
    """
    pool = file.pool
    items = [
        _public_item(file, item, keys[item.id])
        for item in pool.items
        if item.id in keys
    ]
    revisions = "".join(item["rev"] for item in items)
    return {
        "schema": SCHEMA,
        "book": book,
        "quiz": pool.pool,
        "title": pool.title,
        "salt": hashlib.sha256(f"{pool.pool}{revisions}".encode()).hexdigest()[:16],
        "draw": dict(pool.quiz.draw),
        "pass": pool.quiz.pass_.model_dump(),
        "attempts": pool.quiz.attempts,
        "items": items,
    }


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
    file: PoolFile,
    keys: Keys,
    book: str,
    rendered: Html,
    links: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Return the data of a page, keys sealed.

    `links` gives each objective its section's `href` and `title`.
    """
    data = public(file, keys, book)
    data["objectives"] = {
        name: {"text": rendered["", 0, name], **links[name]}
        for name in file.pool.objectives
    }
    for entry in data["items"]:
        item = file.item(entry["id"])
        entry["sealed"] = [
            _seal_variant(file, item, number, answer, rendered, data["salt"])
            for number, answer in enumerate(keys[item.id])
        ]
    return data


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


def script(data: Mapping[str, Any]) -> str:
    """Return a script that brings the sealed answers of a quiz to its page.

    They weigh more than the rest of a page, and sealed text cannot be compressed: a
    page loads them when its quiz is begun.
    """
    sealed = {item["id"]: item["sealed"] for item in data["items"]}
    quiz, text = json.dumps(data["quiz"]), json.dumps(sealed, separators=(",", ":"))
    return f"(window.selfcheckSealed ??= {{}})[{quiz}] = {text};\n"


def without_answers(data: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Return the data of a page that finds its answers at an address."""
    items = [
        {name: value for name, value in item.items() if name != "sealed"}
        for item in data["items"]
    ]
    return {**data, "items": items, "answers": address}


def section(file: PoolFile, data: Mapping[str, Any], rendered: Html) -> str:
    """Return the HTML of a quiz: every question readable, and the data sealed."""
    slug = html.escape(data["quiz"])
    articles = "\n".join(
        _article(file, entry, number, rendered)
        for entry in data["items"]
        for number in range(entry["variants"])
    )
    # "<" never stands in the data, so nothing in it can end the script element.
    text = json.dumps(data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
    return (
        f'<section class="selfcheck" data-quiz="{slug}" id="quiz-{slug}">\n'
        "<noscript><p>These are all the questions of the quiz. With JavaScript the "
        "page draws a few of them and judges your answers; in a terminal "
        f"<code>selfcheck take {slug}</code> does the same.</p></noscript>\n"
        f'<div class="sc-pool">\n{articles}\n</div>\n'
        f'<script type="application/json" class="sc-data">{text}</script>\n'
        "</section>\n"
    )


def _article(
    file: PoolFile, entry: Mapping[str, Any], number: int, rendered: Html
) -> str:
    name, kind = html.escape(entry["id"]), entry["type"]
    prompt = rendered[entry["id"], number, "prompt"]
    lines = [
        f'<article class="sc-item" data-item="{name}" data-variant="{number}"'
        f' data-type="{kind}"{" hidden" if number else ""}>',
        f'<div class="sc-prompt">{prompt}</div>',
        f'<p class="sc-task">{TASKS[kind]}</p>',
    ]
    if entry["options"]:
        choices = "".join(
            f'<li data-option="{j}">{rendered[entry["id"], number, f"option.{j}"]}</li>'
            for j in range(entry["options"])
        )
        lines.append(f'<ol class="sc-options" type="A">{choices}</ol>')
    if entry["starter"]:
        lines.append(f'<pre class="sc-starter">{html.escape(entry["starter"])}</pre>')
    return "\n".join([*lines, "</article>"])
