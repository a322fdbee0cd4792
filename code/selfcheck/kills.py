"""Whether the checks of coding items notice slips: mutants of the reference, graded.

A mutant that is accepted has survived. Of the mutants of an item four of five must
be killed. A survivor that no check can notice, because it does the same as the
reference, is excused in `survivors.txt` in the item's folder: its name as the linter
prints it, and indented below it the reason.

    `return a + b` becomes `return b + a`
        Sums do not depend on the order.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from selfcheck.coding import SEEDS, Grade
from selfcheck.config import Config
from selfcheck.gradecache import GradeCache
from selfcheck.load import PoolFile
from selfcheck.model import Code
from selfcheck.mutants import Mutant, mutants
from selfcheck.problems import Problem

LEAST = Fraction(4, 5)
EXCUSES = "survivors.txt"


@dataclass(frozen=True)
class Score:
    """What became of the mutants of an item; `excused` survivors do not count."""

    item: str
    total: int
    survivors: tuple[Mutant, ...]
    excused: int = 0

    @property
    def killed(self) -> int:
        """How many mutants a check has noticed."""
        return self.total - self.excused - len(self.survivors)

    @property
    def enough(self) -> bool:
        """Whether four of five are killed, of those without an excuse."""
        return self.killed >= LEAST * (self.total - self.excused)

    def __str__(self) -> str:
        """Return the score as the linter notes it."""
        counted = self.total - self.excused
        share = f" ({self.killed / counted:.0%})" if counted else ""
        excused = f", {self.excused} excused" if self.excused else ""
        return f"{self.item}: {self.killed} of {counted} mutants killed{share}{excused}"


def survivors(
    file: PoolFile,
    config: Config,
    grade: Grade | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Problem], list[Score]]:
    """Grade the mutants of every coding item; return findings and a score per item.

    An item whose reference is not accepted, or that has no checks, is left out: other
    rules tell of it. Raises SandboxError when nothing can be run at all.
    """
    pending: list[tuple[Code, Mutant]] = []
    cache = GradeCache(
        config.build / "mutants" / f"{file.pool.pool}.json", file, config
    )
    run = grade or _grader(config)
    done = 0

    def lives(task: tuple[Code, Mutant]) -> bool:
        nonlocal done
        item, mutant = task
        found = _accepted(file, item, mutant.source, run, cache)
        done += 1
        if progress:
            progress(done, len(pending))
        return found

    with cache, ThreadPoolExecutor(2) as threads:
        for item in file.pool.items:
            source = _reference(file, item) if isinstance(item, Code) else None
            if source and _accepted(file, item, source, run, cache):
                pending += [(item, mutant) for mutant in mutants(source)]
        alive = list(threads.map(lives, pending))
    fates: dict[str, list[tuple[Mutant, bool]]] = {}
    for (item, mutant), lived in zip(pending, alive, strict=True):
        fates.setdefault(item.id, []).append((mutant, lived))
    return _tell(file, fates)


def _reference(file: PoolFile, item: Code) -> str | None:
    """Return the reference of an item that can be graded."""
    folder = file.folder / item.id
    path = folder / item.reference
    if path.is_file() and (folder / "checks.py").is_file():
        return path.read_text("utf-8")
    return None


def _grader(config: Config) -> Grade:
    from selfcheck.grade import grade

    def run(folder: Path, source: str, seed: int) -> Any:
        return grade(folder, source, seed=seed, until_failure=True, config=config)

    return run


def _accepted(
    file: PoolFile, item: Code, source: str, grade: Grade, cache: GradeCache
) -> bool:
    """Whether a program is right with all seeds; the first that fails is enough."""
    for seed in SEEDS:
        record = cache.get(item.id, source, seed)
        if record is None:
            verdict = grade(file.folder / item.id, source, seed).verdict
            record = cache.put(item.id, source, seed, {"verdict": verdict})
        if record["verdict"] != "right":
            return False
    return True


def _tell(
    file: PoolFile, fates: dict[str, list[tuple[Mutant, bool]]]
) -> tuple[list[Problem], list[Score]]:
    problems: list[Problem] = []
    scores: list[Score] = []
    for name, own in fates.items():
        excuses = read_excuses(file.folder / name / EXCUSES)
        living = [mutant for mutant, lived in own if lived]
        left = tuple(mutant for mutant in living if mutant.name not in excuses)
        score = Score(name, len(own), left, len(living) - len(left))
        scores.append(score)
        problems += _of_score(file, score)
        problems += _of_excuses(file, name, excuses, living)
    return problems, scores


def _of_score(file: PoolFile, score: Score) -> Iterator[Problem]:
    """Yield an error when too many survive, and each survivor."""
    item = file.item(score.item)
    assert isinstance(item, Code)
    path = file.folder / item.id / item.reference
    if not score.enough:
        said = f"{score}; expected {float(LEAST):.0%} at least. Write checks that the "
        said += "survivors below fail"
        yield Problem(path, 1, "code-mutants", said)
    for mutant in score.survivors:
        said = f"{item.id}: {mutant.name}: expected a check to fail, none did; add one "
        said += f"to checks.py, or name it in {EXCUSES} with the reason"
        severity = "warning" if score.enough else "error"
        yield Problem(path, mutant.line, "code-mutants", said, severity)


def _of_excuses(
    file: PoolFile,
    item: str,
    excuses: dict[str, tuple[int, str]],
    living: list[Mutant],
) -> Iterator[Problem]:
    path = file.folder / item / EXCUSES
    names = {mutant.name for mutant in living}
    for name, (line, reason) in excuses.items():
        if name not in names:
            said = f"{item}: {name}: expected a survivor, there is none of this name"
            yield Problem(path, line, "code-survivors", said + "; remove the entry")
        elif not reason:
            said = f"{item}: {name}: expected the reason on indented lines below, "
            said += "found none; say why no check can notice it"
            yield Problem(path, line, "code-survivors", said)


def read_excuses(path: Path) -> dict[str, tuple[int, str]]:
    """Return line and reason by name of mutant; empty without a file."""
    found: dict[str, tuple[int, str]] = {}
    name = ""
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    for number, text in enumerate(lines, 1):
        if not text.strip() or text.startswith("#"):
            continue
        if text[0].isspace() and name:
            line, reason = found[name]
            found[name] = line, f"{reason} {text.strip()}".strip()
        else:
            name = text.strip()
            found[name] = number, ""
    return found
