"""What differs between the lock of a pool and the answers of today, and why.

One finding per item: the answers that changed with their old and new hashes, whether
the program or the libraries changed, and what to do about it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from selfcheck.config import Config
from selfcheck.keycache import versions
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.lock import Executed, Lock, Place, Row, digest, executed, path_of, read
from selfcheck.problems import Problem
from selfcheck.variants import combinations

LONGEST = 60  # characters of an answer that is quoted
ACCEPT = "accept the answers with `selfcheck lint --update-lock`"


@dataclass
class Difference:
    """The answers of one item that are new, changed, or gone."""

    new: list[tuple[Place, Executed]] = field(default_factory=list)
    changed: list[tuple[Place, Row, Executed]] = field(default_factory=list)
    gone: list[tuple[Place, Row]] = field(default_factory=list)


def differences(file: PoolFile, keys: Keys, lock: Lock) -> dict[str, Difference]:
    """Return what differs, by item; items whose keys failed are left out."""
    found: dict[str, Difference] = {}
    today = executed(file, keys)
    for place, now in sorted(today.items()):
        row = lock.rows.get(place)
        if row is None:
            found.setdefault(place[0], Difference()).new.append((place, now))
        elif row.answer != digest(now.answer):
            found.setdefault(place[0], Difference()).changed.append((place, row, now))
    failed = set(file.index) - set(keys)
    for place, row in sorted(lock.rows.items()):
        if place not in today and place[0] not in failed:
            found.setdefault(place[0], Difference()).gone.append((place, row))
    return found


def changes(file: PoolFile, keys: Keys, config: Config) -> Iterator[Problem]:
    """Yield one finding for each item whose answers are not those of the lock."""
    path, lock = path_of(file), read(path_of(file))
    now = versions(config)
    if not path.is_file():
        if answers := len(executed(file, keys)):
            said = f"expected {path.name} with the {answers} answers that the programs "
            said += "of this pool give, found none; read them with `selfcheck keys "
            said += f"{file.pool.pool}`, then {ACCEPT}"
            yield Problem(file.path, 1, "lock", said)
        return
    for name, found in differences(file, keys, lock).items():
        lines = [row.line for _, row, _ in found.changed]
        lines += [row.line for _, row in found.gone]
        said = "\n".join([*_told(file, name, found), _advice(found, lock, now)])
        yield Problem(path, min(lines, default=1), "lock", f"{name}: {said}")


def _told(file: PoolFile, name: str, found: Difference) -> Iterator[str]:
    total = len(found.new) + len(found.changed) + len(found.gone)
    yield f"expected the answers that were reviewed, {total} differ:"
    for place, row, now in found.changed:
        same = row.program == now.program
        edited = "" if same or not row.program else ", and its program was edited"
        yield (
            f"  {_where(file, place)}: has changed, was {row.answer}, is "
            f"{digest(now.answer)}{edited}; now {_quoted(now.answer)}"
        )
    for place, now in found.new:
        yield f"  {_where(file, place)}: is new; now {_quoted(now.answer)}"
    for place, row in found.gone:
        yield f"  {_where(file, place)}: is no answer any more, was {row.answer}"


def _where(file: PoolFile, place: Place) -> str:
    """Name an answer: its variant with the values it stands for, and its role."""
    name, number, role = place
    listed = combinations(file.item(name)) if name in file.index else []
    values: Mapping[str, Any] = listed[number] if number < len(listed) else {}
    filled = ", ".join(f"{key}={value}" for key, value in values.items())
    return f"variant {number}" + f" ({filled})" * bool(filled) + f" {role}"


def _quoted(answer: str) -> str:
    shown = repr(answer.strip())
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _advice(found: Difference, lock: Lock, now: Mapping[str, str]) -> str:
    """Say where the difference comes from, and what is to be done."""
    if not found.changed:
        return f"  Read them; when they are right, {ACCEPT}."
    then = lock.versions
    moved = moves(then, now)
    same = [row for _, row, today in found.changed if row.program == today.program]
    unknown = [row for _, row, _ in found.changed if not row.program]
    if same and not moved:
        return (
            "  The program and the versions are those that were reviewed: the answer "
            "hangs on the machine or on chance. Seed what is random, sort what has no "
            "order, then run it again."
        )
    if same or (unknown and moved):
        cause = f"  Reviewed with {told(then)}; now {moved}."
        return (
            f"{cause} Read prompt, options, and refutations in the light of the new "
            f"answer, mend what is not true any more, then {ACCEPT}."
        )
    return f"  Read the new answers; when the edit was meant so, {ACCEPT}."


def moves(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Say which libraries have another version now; "" when none has.

    >>> moves({"numpy": "2.3", "keras": "3.1"}, {"numpy": "2.4", "keras": "3.1"})
    'numpy 2.3 → 2.4'
    """
    names = sorted(then.keys() | now.keys())
    return ", ".join(
        f"{name} {then.get(name, 'none')} → {now.get(name, 'none')}"
        for name in names
        if then.get(name) != now.get(name)
    )


def told(found: Mapping[str, str]) -> str:
    """Return versions as a sentence has them."""
    return ", ".join(f"{name} {v}" for name, v in sorted(found.items())) or "no library"


def note(file: PoolFile, keys: Keys, config: Config) -> str | None:
    """Say in one sentence what an upgrade did to a pool; None when there was none."""
    lock = read(path_of(file))
    moved = moves(lock.versions, versions(config))
    if not (lock.rows and moved):
        return None
    found = differences(file, keys, lock)
    changed = sum(len(difference.changed) for difference in found.values())
    failed = len(set(file.index) - set(keys))
    return (
        f"reviewed with {told(lock.versions)}; now {moved}: {changed} of "
        f"{len(lock.rows)} answers differ, {failed} items could not be executed; "
        "`--update-lock` notes the versions"
    )
