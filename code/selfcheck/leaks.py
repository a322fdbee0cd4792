"""Search a built site for what its quizzes seal: keys, refutations, solutions.

Whatever a reader can open counts: pages, scripts, the search index, the sources beside
the pages, notebooks to download.
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selfcheck.answers import Answers
from selfcheck.exam import ExamFile
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.terminal import plain
from selfcheck.texts import texts

SHORTEST = 12  # characters: anything shorter stands in a page by chance
_SCRIPTS = {".js", ".mjs", ".json", ".ipynb", ".map"}
_TAG = re.compile(r"<[^<>]*>")
_BLANK = re.compile(r"\s+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r"}


def secrets(file: PoolFile | ExamFile, keys: Keys, lecture: str = "") -> dict[str, str]:
    """Return what must not be readable, by a name for it.

    Refutations and discussions, programs that prove keys, outputs, long answers, and
    the lines of solutions that are in no starter; each reduced to its words, so that
    markup does not hide it. A short answer or a line of a program that `lecture` holds,
    the text of the book's pages, is what the reader is to learn there and no secret.
    """
    found: dict[str, str] = {}
    shown = []
    for text in texts(file):
        name, words = ".".join(map(str, text.label)), plain(text.source, 10_000)
        if text.label[2].endswith("why"):
            found[name] = words
        else:
            shown.append(_words(words))
    public = " ".join(shown)
    for item in file.items:
        found[f"{item.id}.evidence"] = item.evidence or ""
        for number, answer in enumerate(keys.get(item.id, ())):
            found.update(_of_answer(file.owner(item.id), f"{item.id}.{number}", answer))
    hidden = {name: _words(text) for name, text in found.items()}
    taught = _words(lecture)
    return {
        name: text
        for name, text in hidden.items()
        if len(text) >= SHORTEST
        and text not in public
        and not (_is_answer(name) and text in taught)
    }


def _is_answer(name: str) -> bool:
    return bool(re.search(r"\.(key|accept\.\d+|solution: .*)$", name))


def _of_answer(pool: PoolFile, name: str, answer: Answers) -> Iterator[tuple[str, str]]:
    """Yield a name and a text for each part of a key that could be read."""
    key = answer.key
    yield f"{name}.key", str(key.get("text", key.get("value", "")))
    for n, form in enumerate(key.get("accept", ())):
        yield f"{name}.accept.{n}", form
    starter = pool.folder / name.rpartition(".")[0] / "starter.py"
    given = starter.read_text("utf-8") if starter.is_file() else ""
    for line in key.get("source", "").splitlines():
        if line.strip() not in given and not line.strip().startswith("#"):
            yield f"{name}.solution: {line.strip()}", line


def find(site: Path, hidden: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield file and name of everything hidden that can be read in a built site."""
    for path in sorted(site.rglob("*")):
        data = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" in data[:1024]:
            continue  # an image or a font
        text = data.decode("utf-8", "replace")
        for words in _readings(text, escaped=path.suffix in _SCRIPTS):
            for name, secret in hidden.items():
                if secret in words:
                    yield path, name


def _readings(source: str, *, escaped: bool) -> set[str]:
    """Return a file's words as they stand, and as who opens it sees them."""
    sources = [source]
    if escaped:
        sources += [_ESCAPE.sub(_character, source), _strings(source)]
    shown = [html.unescape(_TAG.sub("", text)) for text in sources]
    return {_words(text) for text in [*sources, *shown]}


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _LETTERS.get(found[3], found[3])


def _strings(source: str) -> str:
    """Return the texts in JSON; the lines of a notebook's cell are one text."""
    try:
        return "\n".join(_walk(json.loads(source)))
    except ValueError:
        return ""


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _walk(part)
    elif isinstance(value, list):
        if all(isinstance(part, str) for part in value):
            yield "".join(value)
        for part in value:
            yield from _walk(part)


def _words(text: str) -> str:
    return _BLANK.sub(" ", re.sub(r"[`*\\]", "", text)).strip()
