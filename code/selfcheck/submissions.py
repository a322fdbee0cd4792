"""The programs in a coding item's folder, and what is missing there.

clip/starter.py                 what the reader begins with; must fail
clip/checks.py                  what judges
clip/example.py                 may be run without limits; need not exist
clip/right/reference.py         the solution that is shown
clip/right/*.py                 other solutions: all are accepted
clip/wrong/*.py                 mistakes; the first line says `# fails: <check>`
clip/survivors.txt              mutants that no check can notice
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selfcheck.load import PoolFile
from selfcheck.model import Code
from selfcheck.problems import Problem

FEWEST_RIGHT, FEWEST_WRONG = 2, 3
_DECLARED = re.compile(r"# fails: (.+)")


@dataclass(frozen=True)
class Submission:
    """A program of an item's folder, and the check it is expected to fail at.

    `fails` is None for a right program and "" where any check will do.
    """

    item: str
    path: Path
    source: str
    fails: str | None


def missing(file: PoolFile, item: Code) -> Iterator[Problem]:
    """Yield what is missing in a coding item's folder."""
    folder = file.folder / item.id
    for name in ("starter.py", "checks.py", item.reference):
        if not (folder / name).is_file():
            said = f"expected {folder / name}, found none; write it"
            yield file.problem("code-files", said, item.id)
    for name, fewest in (("right", FEWEST_RIGHT), ("wrong", FEWEST_WRONG)):
        found = len(list((folder / name).glob("*.py")))
        if found < fewest:
            said = (
                f"expected {fewest} programs at least in {folder / name}, got {found}"
            )
            yield file.problem("code-files", said + "; write more", item.id)
    for path in sorted((folder / "wrong").glob("*.py")):
        if not _DECLARED.match(path.read_text("utf-8")):
            said = f"{item.id}: expected the first line `# fails: <check>`; add it"
            yield Problem(path, 1, "code-files", said)


def submissions(file: PoolFile, item: Code) -> list[Submission]:
    """Return everything of an item's folder that has to be graded."""
    folder = file.folder / item.id
    found = []
    for path in sorted((folder / "right").glob("*.py")):
        found.append(Submission(item.id, path, path.read_text("utf-8"), None))
    for path in sorted((folder / "wrong").glob("*.py")):
        source = path.read_text("utf-8")
        declared = _DECLARED.match(source)
        fails = declared[1].strip() if declared else ""
        found.append(Submission(item.id, path, source, fails))
    starter = folder / "starter.py"
    if starter.is_file():
        found.append(Submission(item.id, starter, starter.read_text("utf-8"), ""))
        found.append(Submission(item.id, folder / "(empty file)", "", ""))
    return found
