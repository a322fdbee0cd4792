"""Search a built site for what its quizzes seal: keys, refutations, solutions."""

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.terminal import plain
from selfcheck.texts import texts

SHORTEST = 12  # characters: anything shorter stands in a page by chance
_TEXT_FILES = {".html", ".js", ".json", ".txt", ".md", ".ipynb", ".py", ".yaml", ".css"}
_TAG = re.compile(r"<[^<>]*>")
_BLANK = re.compile(r"\s+")


def secrets(file: PoolFile, keys: Keys) -> dict[str, str]:
    """Return what must not be readable, by a name for it.

    Refutations and discussions, outputs, and the lines of solutions that are in no
    starter; each reduced to its words, so that markup does not hide it.
    """
    found = {
        ".".join(map(str, text.label)): _words(plain(text.source, 10_000))
        for text in texts(file)
        if text.label[2].endswith("why")
    }
    for name, answers in keys.items():
        for number, answer in enumerate(answers):
            found[f"{name}.{number}.key"] = _words(str(answer.key.get("text", "")))
            shown = file.owner(name).folder / name / "starter.py"
            given = shown.read_text("utf-8") if shown.is_file() else ""
            for line in answer.key.get("source", "").splitlines():
                if line.strip() not in given and not line.strip().startswith("#"):
                    found[f"{name}.solution: {line.strip()}"] = _words(line)
    public = " ".join(
        _words(plain(text.source, 10_000))
        for text in texts(file)
        if not text.label[2].endswith("why")
    )
    return {
        name: text
        for name, text in found.items()
        if len(text) >= SHORTEST and text not in public
    }


def find(site: Path, hidden: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield file and name of everything hidden that can be read in a built site."""
    for path in sorted(site.rglob("*")):
        if path.suffix not in _TEXT_FILES or not path.is_file():
            continue
        for words in _readings(path.read_text("utf-8", "replace")):
            for name, text in hidden.items():
                if text in words:
                    yield path, name


def _readings(source: str) -> Iterable[str]:
    """Return a file's words as they stand, and as a browser shows them."""
    return {_words(source), _words(html.unescape(_TAG.sub("", source)))}


def _words(text: str) -> str:
    return _BLANK.sub(" ", re.sub(r"[`*\\]", "", text)).strip()
