"""Coding items: whether their checks tell right from wrong, and fast enough.

Every program in `right/` must be accepted and every one in `wrong/` must fail, first
of all at the check that its first line names (`# fails: <check>`). The starter and
an empty file must fail, too. Verdicts are kept like executed keys are.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from selfcheck import pace
from selfcheck.config import Config
from selfcheck.gradecache import GradeCache
from selfcheck.load import PoolFile
from selfcheck.model import Code
from selfcheck.problems import Problem
from selfcheck.submissions import Submission, submissions

SEEDS = (0, 1)  # of the hidden inputs: a verdict must not hang on one of them

Grade = Callable[[Path, str, int], Any]
Task = tuple[Submission, int]


def verdicts(
    file: PoolFile,
    config: Config,
    grade: Grade | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Problem]:
    """Grade every program of every coding item; return what is not as declared."""
    pending = _tasks(file)
    cache = GradeCache(config.build / "grades" / f"{file.pool.pool}.json", file, config)
    run = grade or _grader(config)
    done = 0

    def judge(task: Task) -> dict[str, Any]:
        nonlocal done
        submission, seed = task
        place = submission.item, submission.source, seed
        record = cache.get(*place)
        if record is None or "seconds" not in record:
            record = cache.put(*place, _outcome(run, *task))
        done += 1
        if progress:
            progress(done, len(pending))
        return record

    def again(submission: Submission, seed: int) -> float:
        return _outcome(run, submission, seed)["seconds"]

    with cache, ThreadPoolExecutor(2) as threads:
        records = list(threads.map(judge, pending))
        graded = [
            (*task, record) for task, record in zip(pending, records, strict=True)
        ]
        slow = list(pace.too_slow(file, graded, again))
    found = [_finding(*one) for one in graded]
    # The same finding for several seeds is one finding.
    problems = {(p.path, p.rule): p for p in (*slow, *found) if p}
    return list(problems.values())


def _tasks(file: PoolFile) -> list[Task]:
    items = [item for item in file.pool.items if isinstance(item, Code)]
    return [
        (submission, seed)
        for item in items
        if (file.folder / item.id / "checks.py").is_file()
        for submission in submissions(file, item)
        for seed in SEEDS
    ]


def _grader(config: Config) -> Grade:
    from selfcheck.grade import grade

    def run(folder: Path, source: str, seed: int) -> Any:
        return grade(folder, source, seed=seed, config=config)

    return run


def _outcome(grade: Grade, submission: Submission, seed: int) -> dict[str, Any]:
    """Return verdict, failed check, message, and time of one grading, for JSON."""
    folder = submission.path.parent
    while folder.name != submission.item:
        folder = folder.parent
    record = grade(folder, submission.source, seed)
    failed = next((check.name for check in record.checks if not check.ok), None)
    names = [check.name for check in record.checks]
    found = {"verdict": record.verdict, "failed": failed, "names": names}
    return found | {"message": record.message, "seconds": record.seconds}


def _finding(
    submission: Submission, seed: int, record: dict[str, Any]
) -> Problem | None:
    """Say how a grading differs from what was declared."""
    wanted, failed = submission.fails, record["failed"]
    message = record["message"].strip()
    if wanted is None and record["verdict"] != "right":
        said = f"expected to be accepted, got '{record['verdict']}' at '{failed}': "
        said += f"{message}; mend the program or the check"
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
