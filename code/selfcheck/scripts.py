"""Scripts that bring a quiz to whatever page asks it; they work from a disk, too.

`_static/selfcheck/answers/<pool>.js` holds the sealed keys of a pool and the text of
every variant. It weighs more than the rest of a page, and sealed text cannot be
compressed: a page loads it when a quiz is begun.
`_static/selfcheck/pools/<quiz>.js` holds the public data alone, for the progress page.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from selfcheck.articles import Html, article

FOLDER = "_static/selfcheck"
_ADDRESS = re.compile(
    rf"{FOLDER}/(?P<kind>answers|pools)/(?P<slug>[a-z0-9-]+)\.js(\?v=[0-9a-f]+)?"
)


def address(kind: str, slug: str) -> str:
    """Return the address of a script from the site's root; kind: answers or pools."""
    return f"{FOLDER}/{kind}/{slug}.js"


def answers(data: Mapping[str, Any], rendered: Html) -> str:
    """Return the script with the sealed keys and all texts of a pool.

    `data` is what `payload.assemble` returned, with the pool's `page`; `rendered` are
    the texts, their links relative to that page.
    """
    items = data["items"]
    brought = {
        "salt": data["salt"],
        "page": data["page"],
        "prompts": {
            item["id"]: [article(item, n, rendered) for n in range(item["variants"])]
            for item in items
        },
        "sealed": {item["id"]: item["sealed"] for item in items},
    }
    return _statement("selfcheckAnswers", data["quiz"], brought)


def public(data: Mapping[str, Any]) -> str:
    """Return the script with the public data of a quiz; addresses from the root."""
    return _statement("selfcheckQuizzes", data["quiz"], data)


def _statement(name: str, slug: str, value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"(window.{name} ??= {{}})[{json.dumps(slug)}] = {text};\n"


def without_keys(data: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the data of a page that finds its answers at an address."""
    items = [
        {name: value for name, value in item.items() if name != "sealed"}
        for item in data["items"]
    ]
    return {**data, "items": items, "answers": where}


def write(site: Path, kind: str, slug: str, text: str) -> None:
    """Write a script into a built site, where a page of any build finds it."""
    path = site / address(kind, slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def clear(site: Path, kind: str, slugs: Collection[str]) -> None:
    """Remove the scripts of quizzes that the book no longer has."""
    for path in (site / FOLDER / kind).glob("*.js"):
        if path.stem not in slugs:
            path.unlink()


def stamp(site: Path, pages: Iterable[Path]) -> None:
    """Give every address of a script the hash of what the script holds now.

    Browsers keep a script under its whole address. Pages are written one by one, and
    what another page's script will hold is known when all of them are there.
    """
    for path in [*sorted((site / FOLDER / "pools").glob("*.js")), *pages]:
        if not path.is_file():
            continue
        before = path.read_text(encoding="utf-8")
        after = _ADDRESS.sub(lambda found: _stamped(site, found), before)
        if after != before:
            path.write_text(after, encoding="utf-8")


def _stamped(site: Path, found: re.Match[str]) -> str:
    name = address(found["kind"], found["slug"])
    script = site / name
    if not script.is_file():
        return name
    return f"{name}?v={hashlib.sha256(script.read_bytes()).hexdigest()[:8]}"
