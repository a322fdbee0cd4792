"""`ids.lock`: every id a pool ever had, and the type of its item.

Progress is kept under the ids of items, in browsers that no author can reach. So an
id stands for one question for ever: it does not vanish without a word, it does not
become another type, and the id of a question that was retired is not used again.
One row per id; an item that was taken out on purpose keeps its row:

    floats-tenth choice
    floats-guess text retired
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selfcheck.load import PoolFile
from selfcheck.problems import Problem

RETIRED = "retired"
_HEAD = """\
# Every id of this pool and its type; `selfcheck lint --update-lock` adds new ones.
# Of an item that was taken out the row stays, with the word `retired` behind it.
"""


@dataclass(frozen=True)
class Row:
    """What is known of an id, and the line on which it stands."""

    kind: str
    retired: bool
    line: int


def path_of(file: PoolFile) -> Path:
    """Return where the ids of a pool are kept."""
    return file.folder / "ids.lock"


def read(path: Path) -> dict[str, Row]:
    """Return the rows by id; empty without a file. Other lines are skipped."""
    rows: dict[str, Row] = {}
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    for number, text in enumerate(lines, 1):
        parts = text.split()
        if len(parts) in (2, 3) and not text.startswith("#"):
            rows[parts[0]] = Row(parts[1], parts[2:] == [RETIRED], number)
    return rows


def render(file: PoolFile) -> str:
    """Return the file with the ids that are new; what stood in it stays."""
    rows = read(path_of(file))
    kinds = {n: row.kind + f" {RETIRED}" * row.retired for n, row in rows.items()}
    for item in file.pool.items:
        kinds.setdefault(item.id, item.type)
    return _HEAD + "".join(f"{name} {kinds[name]}\n" for name in sorted(kinds))


def changes(file: PoolFile) -> Iterator[Problem]:
    """Yield ids that are new, gone, of another type, or used again."""
    path = path_of(file)
    rows = read(path)
    if not path.is_file():
        said = f"expected {path.name} with the {len(file.index)} ids of this pool, "
        said += "found none; run `selfcheck lint --update-lock`"
        yield Problem(file.path, file.line(None, "items"), "ids", said)
        return
    for item in file.pool.items:
        row = rows.get(item.id)
        if row is None:
            said = f"expected a row `{item.id} {item.type}` in {path.name}, found none;"
            said += " run `selfcheck lint --update-lock`"
        elif row.retired:
            said = f"expected an id that was never used, got one that {path.name} "
            said += f"(line {row.line}) calls retired; choose another"
        elif row.kind != item.type:
            said = f"expected type {row.kind}, which the id has in {path.name} (line "
            said += f"{row.line}), got {item.type}; a changed question needs a new id"
        else:
            continue
        yield file.problem("ids", said, item.id, "id")
    yield from _gone(file, path, rows)


def _gone(file: PoolFile, path: Path, rows: dict[str, Row]) -> Iterator[Problem]:
    for name, row in rows.items():
        if name not in file.index and not row.retired:
            said = f"{name}: expected this item in {file.path.name}, found none; bring "
            said += f"it back, or write `{RETIRED}` behind its row if it is gone for "
            said += "good"
            yield Problem(path, row.line, "ids", said)
