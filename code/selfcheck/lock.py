"""`keys.lock`: a hash of every executed answer, committed beside the pool.

After an upgrade of TensorFlow the answers are computed anew; the lock shows which of
them are others than those that were reviewed.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from selfcheck import compare
from selfcheck.config import Config
from selfcheck.keycache import versions
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.problems import Problem

Row = tuple[str, int, str]
_HEAD = "# A hash of every executed answer; `selfcheck lint --update-lock` writes it.\n"


def path_of(file: PoolFile) -> Path:
    """Return where the lock of a pool lies."""
    return file.folder / "keys.lock"


def executed(file: PoolFile, keys: Keys) -> dict[Row, str]:
    """Return every executed answer as text, by (item, variant, role)."""
    found: dict[Row, str] = {}
    for name, answers in keys.items():
        kind = file.item(name).type
        if kind not in ("output", "numeric"):
            continue
        for number, answer in enumerate(answers):
            parts = [("key", answer.key)]
            parts += [(f"trap.{j}", trap) for j, trap in enumerate(answer.traps)]
            for role, shape in parts:
                found[name, number, role] = str(shape.get("text", shape.get("value")))
    return found


def digest(answer: str) -> str:
    """Hash an answer: 12 hex digits, equal for numbers equal to four digits.

    Machines differ in the last digits of a float, and those are never asked for.
    """
    parts = [
        f"{token:.4g}" if isinstance(token, float) else token
        for token in compare.tokens(answer)
    ]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def render(file: PoolFile, keys: Keys, config: Config) -> str:
    """Return the content of the lock."""
    used = ", ".join(f"{name} {v}" for name, v in sorted(versions(config).items()))
    rows = [
        f"{name} {number} {role} {digest(answer)}\n"
        for (name, number, role), answer in sorted(executed(file, keys).items())
    ]
    return f"{_HEAD}# Computed with {used or 'no library'}.\n{''.join(rows)}"


def read(path: Path) -> dict[Row, tuple[str, int]]:
    """Return hash and line by (item, variant, role); empty without a file.

    Lines of another form are skipped: they show up as missing rows.
    """
    found: dict[Row, tuple[str, int]] = {}
    if path.is_file():
        for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            parts = text.split()
            if len(parts) == 4 and parts[1].isdigit():
                found[parts[0], int(parts[1]), parts[2]] = parts[3], line
    return found


def changes(file: PoolFile, keys: Keys) -> Iterator[Problem]:
    """Yield what differs between the lock and the answers of today."""
    path = path_of(file)
    locked, now = read(path), executed(file, keys)
    update = "run `selfcheck lint --update-lock` when it is right"
    for row, answer in sorted(now.items()):
        name, number, role = row
        shown = repr(answer.strip())
        shown = shown if len(shown) <= 60 else shown[:59] + "…"
        what = f"{name} variant {number} {role}"
        if row not in locked:
            message = f"the answer of {what} is new; now {shown}; {update}"
            yield Problem(path, 1, "lock", message)
        elif locked[row][0] != digest(answer):
            message = f"the answer of {what} has changed; now {shown}; {update}"
            yield Problem(path, locked[row][1], "lock", message)
    for row, (_, line) in sorted(locked.items()):
        if row not in now and row[0] not in set(file.index) - set(keys):
            what = f"{row[0]} variant {row[1]} {row[2]}"
            message = f"{what} is no answer of this pool any more; {update}"
            yield Problem(path, line, "lock", message)
