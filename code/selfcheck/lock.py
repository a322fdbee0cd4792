"""`keys.lock`: a hash of every executed answer, committed beside the pool.

After an upgrade of TensorFlow the answers are computed anew. The lock shows which of
them are others than those that were reviewed, and, because it also holds a hash of
each program and the versions of the libraries, why: the program was edited, or it is
the same and the libraries answer otherwise.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from selfcheck import compare
from selfcheck.config import Config
from selfcheck.keycache import versions
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.programs import PatchError, programs

Place = tuple[str, int, str]
_HEAD = "# A hash of every executed answer; `selfcheck lint --update-lock` writes it.\n"
_COMPUTED = re.compile(r"# Computed with (.*)\.")


@dataclass(frozen=True)
class Row:
    """A reviewed answer: its hash, its program's hash ("" when unknown), its line."""

    answer: str
    program: str
    line: int


@dataclass(frozen=True)
class Lock:
    """What a lock says: rows by (item, variant, role), and versions by library."""

    rows: Mapping[Place, Row]
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Executed:
    """An answer of today as text, and the hash of the program that gave it."""

    answer: str
    program: str


def path_of(file: PoolFile) -> Path:
    """Return where the lock of a pool lies."""
    return file.folder / "keys.lock"


def executed(file: PoolFile, keys: Keys) -> dict[Place, Executed]:
    """Return every executed answer, by (item, variant, role)."""
    found: dict[Place, Executed] = {}
    for name, answers in keys.items():
        if file.item(name).type not in ("output", "numeric"):
            continue
        sources = _sources(file, name)
        for number, answer in enumerate(answers):
            parts = [("key", answer.key)]
            parts += [(f"trap.{j}", trap) for j, trap in enumerate(answer.traps)]
            for role, shape in parts:
                text = str(shape.get("text", shape.get("value")))
                found[name, number, role] = Executed(
                    text, sources.get((number, role), "-")
                )
    return found


def _sources(file: PoolFile, name: str) -> dict[tuple[int, str], str]:
    """Return a hash of each program of an item; traps given as text have none."""
    try:
        wanted = programs(file.item(name))
    except PatchError:
        return {}
    return {
        (p.variant, p.role): _hash(f"{p.source}\0{p.expression}", 8) for p in wanted
    }


def digest(answer: str) -> str:
    """Hash an answer: 12 hex digits, equal for numbers equal to four digits.

    Machines differ in the last digits of a float, and those are never asked for.
    """
    parts = [
        f"{token:.4g}" if isinstance(token, float) else token
        for token in compare.tokens(answer)
    ]
    return _hash(" ".join(parts), 12)


def _hash(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def render(file: PoolFile, keys: Keys, config: Config) -> str:
    """Return the content of the lock; items whose keys failed keep their old rows."""
    used = ", ".join(f"{name} {v}" for name, v in sorted(versions(config).items()))
    rows = {
        place: (digest(now.answer), now.program)
        for place, now in executed(file, keys).items()
    }
    for place, row in read(path_of(file)).rows.items():
        if place[0] in file.index and place[0] not in keys:
            rows[place] = (row.answer, row.program)
    lines = [
        " ".join(filter(None, (name, str(number), role, *rows[name, number, role])))
        for name, number, role in sorted(rows)
    ]
    body = "".join(f"{line}\n" for line in lines)
    return f"{_HEAD}# Computed with {used or 'no library'}.\n{body}"


def read(path: Path) -> Lock:
    """Return what a lock says; empty without a file.

    Lines of another form are skipped: they show up as missing rows.
    """
    rows: dict[Place, Row] = {}
    libraries: dict[str, str] = {}
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    for line, text in enumerate(lines, 1):
        parts = text.split()
        if computed := _COMPUTED.fullmatch(text):
            pairs = [part.split() for part in computed[1].split(", ")]
            libraries = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
        elif len(parts) in (4, 5) and parts[1].isdigit() and parts[0] != "#":
            program = parts[4] if len(parts) == 5 else ""
            rows[parts[0], int(parts[1]), parts[2]] = Row(parts[3], program, line)
    return Lock(rows, {} if libraries == {"no": "library"} else libraries)
