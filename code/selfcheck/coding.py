"""Coding items: their files, and whether their checks tell right from wrong.

Every program in `right/` must be accepted and every one in `wrong/` must fail, first
of all at the check that its first line names (`# fails: <check>`). The starter and
an empty file must fail, too. Verdicts are kept like executed keys are.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selfcheck.config import Config
from selfcheck.gradecache import GradeCache
from selfcheck.load import PoolFile
from selfcheck.model import Code
from selfcheck.problems import Problem

FEWEST_RIGHT, FEWEST_WRONG = 2, 3
SEEDS = (0, 1)  # of the hidden inputs: a verdict must not hang on one of them
_DECLARED = re.compile(r"# fails: (.+)")

Grade = Callable[[Path, str, int], Any]


@dataclass(frozen=True)
class Submission:
    """A program of an item's folder, and the check it is expected to fail at.

    `fails` is None for a right program and "" where any check will do.
    """

    item: str
    path: Path
    source: str
    fails: str | None


def files(file: PoolFile, item: Code) -> Iterator[Problem]:
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


def verdicts(
    file: PoolFile,
    config: Config,
    grade: Grade | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Problem]:
    """Grade every program of every coding item; return what is not as declared."""
    items = [item for item in file.pool.items if isinstance(item, Code)]
    pending = [
        (submission, seed)
        for item in items
        if (file.folder / item.id / "checks.py").is_file()
        for submission in submissions(file, item)
        for seed in SEEDS
    ]
    cache = GradeCache(config.build / "grades" / f"{file.pool.pool}.json", file, config)
    grade = grade or _grader(file, config)
    done = 0

    def judge(task: tuple[Submission, int]) -> Problem | None:
        nonlocal done
        submission, seed = task
        place = submission.item, submission.source, seed
        record = cache.get(*place) or cache.put(*place, _outcome(grade, *task))
        done += 1
        if progress:
            progress(done, len(pending))
        return _finding(file, submission, seed, record)

    with cache, ThreadPoolExecutor(2) as threads:
        found = [problem for problem in threads.map(judge, pending) if problem]
    # The same finding for several seeds is one finding.
    return list({(problem.path, problem.line): problem for problem in found}.values())


def _grader(file: PoolFile, config: Config) -> Grade:
    from selfcheck.grade import grade

    def run(folder: Path, source: str, seed: int) -> Any:
        return grade(folder, source, seed=seed, config=config)

    return run


def _outcome(grade: Grade, submission: Submission, seed: int) -> dict[str, Any]:
    """Return verdict, failed check, and message of one grading, ready for JSON."""
    folder = submission.path.parent
    while folder.name != submission.item:
        folder = folder.parent
    record = grade(folder, submission.source, seed)
    failed = next((check.name for check in record.checks if not check.ok), None)
    names = [check.name for check in record.checks]
    found = {"verdict": record.verdict, "failed": failed, "names": names}
    return found | {"message": record.message}


def _finding(
    file: PoolFile, submission: Submission, seed: int, record: dict[str, Any]
) -> Problem | None:
    """Say how a grading differs from what was declared."""
    wanted, failed = submission.fails, record["failed"]
    message = record["message"].strip()
    if wanted is None and record["verdict"] != "right":
        said = f"expected to be accepted, got '{record['verdict']}' at '{failed}': "
        said += message
    elif wanted is not None and record["verdict"] == "right":
        said = "expected to fail, was accepted; write a check that tells it apart"
    elif wanted and wanted not in record["names"]:
        known = ", ".join(record["names"]) or "none"
        said = f"expected to fail at a check ({known}), '{wanted}' is none; rename it"
    elif wanted and failed != wanted:
        said = f"expected to fail at '{wanted}', failed at '{failed}' ({message}); "
        said += "reorder the checks or change the first line"
    else:
        return None
    text = f"{submission.item}: {said} (hidden inputs of seed {seed})"
    rule = "code-right" if wanted is None else "code-wrong"
    return Problem(submission.path, 1, rule, text)
