"""Grade a submission: the one function behind page, notebook, and command line."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from selfcheck import sandbox
from selfcheck.config import Config, find, read
from selfcheck.explain import Verdict, explain
from selfcheck.load import PoolFile, load
from selfcheck.model import SLUG, Code

LONGEST_SOURCE = 100_000
_LOG_LINE = re.compile(
    r"(?m)^(?:[IWEF]\d{4} \d\d:\d\d:|[IWEF]0000 00:00:|WARNING: All log messages "
    r"before absl|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] ).*\n?"
)


class GradeError(ValueError):
    """There is nothing to grade with: the item, its files, or its checks are amiss."""


class CheckResult(BaseModel):
    """One named check."""

    model_config = ConfigDict(extra="forbid")

    name: str
    ok: bool
    message: str = ""


class GradeRecord(BaseModel):
    """What grading found; the same whichever way the submission came."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_: int = Field(1, alias="schema")
    item: str
    verdict: Verdict
    checks: list[CheckResult] = []
    message: str = ""
    section: str | None = None
    stdout: str = ""
    seconds: float = 0.0
    versions: dict[str, str] = {}

    def data(self) -> dict[str, Any]:
        """The record as JSON holds it."""
        return self.model_dump(by_alias=True)


class CodeItem(BaseModel):
    """A coding item as the grader sees it."""

    model_config = ConfigDict(extra="forbid")

    name: str
    folder: Path
    timeout: float
    memory: int

    @property
    def checks(self) -> Path:
        """The file of its checks."""
        return self.folder / "checks.py"

    @property
    def example(self) -> Path:
        """The file of its visible example, which need not exist."""
        return self.folder / "example.py"


def find_item(
    item: str | Path, config: Config | None = None
) -> tuple[CodeItem, Config]:
    """The coding item with the address `<pool>/<id>`, or in a folder.

    Args:
        item: the address, or the path of the item's folder.
        config: the book; by default the one around the current folder, or around
            the item's folder.

    Raises:
        GradeError: there is no such item, it is no coding item, or it has no checks.
        ConfigError, PoolError: the book's configuration or the pool is broken.
    """
    if isinstance(item, Path):
        folder = item.resolve()
        config = config or read(folder.parents[1])
        item = f"{folder.parent.name}/{folder.name}"
    config = config or find()
    slug, _, name = item.partition("/")
    if not (re.fullmatch(SLUG, slug) and re.fullmatch(SLUG, name)):
        raise GradeError(f"expected an item as <pool>/<item>, got {item!r}")
    path = config.pool_file(slug)
    pool = _pool(path, path.stat().st_mtime_ns)
    try:
        found = pool.item(name)
    except KeyError as error:
        raise GradeError(str(error.args[0])) from None
    if not isinstance(found, Code):
        raise GradeError(f"expected a coding item, {item} is of type {found.type}")
    code = CodeItem(
        name=item,
        folder=pool.folder / name,
        timeout=found.timeout,
        memory=found.memory,
    )
    if not code.checks.is_file():
        raise GradeError(f"expected the checks of {item} in {code.checks}, found none")
    return code, config


@lru_cache(maxsize=64)
def _pool(path: Path, _: int) -> PoolFile:
    """A pool, read again when its file has changed."""
    return load(path)


def grade(
    item: str | Path,
    source: str,
    *,
    timeout: float | None = None,
    seed: int | None = None,
    config: Config | None = None,
) -> GradeRecord:
    """Run a submission and every check of its item, in a process of its own.

    Args:
        item: address `<pool>/<id>`, or the path of the item's folder.
        source: the submission.
        timeout: seconds; by default what the item says.
        seed: of the hidden random inputs; by default another one each time.
        config: the book; by default the one around the current folder.

    Raises:
        GradeError: the item does not exist or cannot grade.
        SandboxError: the process that runs programs cannot start.
    """
    code, config = find_item(item, config)
    job = {
        "kind": "grade",
        "source": source,
        "checks": str(code.checks),
        "guarded": list(config.preload),
        "seed": seed,
    }
    return _run(job, code, config, timeout, before="the checks could run")


def run_example(
    item: str | Path,
    source: str,
    *,
    timeout: float | None = None,
    config: Config | None = None,
) -> GradeRecord:
    """Run a submission and then the item's visible example, which may use its names.

    The record's verdict is "right" when both ran to their end; `stdout` is what they
    printed. Arguments and errors as of `grade`.
    """
    code, config = find_item(item, config)
    example = code.example.read_text("utf-8") if code.example.is_file() else ""
    job = {"kind": "example", "source": source, "example": example}
    return _run(job, code, config, timeout, before="its end")


def _run(
    job: dict[str, Any],
    code: CodeItem,
    config: Config,
    timeout: float | None,
    before: str,
) -> GradeRecord:
    limit = timeout or code.timeout
    if len(job["source"]) > LONGEST_SOURCE:
        return GradeRecord(
            item=code.name,
            verdict="refused",
            message=f"The program has {len(job['source']):,} characters; at most "
            f"{LONGEST_SOURCE:,} are accepted.",
        )
    sandbox.configure(config)
    outcome = sandbox.run_job({**job, "merge": True}, timeout=limit, memory=code.memory)
    found = _judgement(outcome, job["source"], limit, code.memory, before)
    return GradeRecord(
        item=code.name,
        stdout=_text(_LOG_LINE.sub("", outcome["stdout"])),
        seconds=outcome["seconds"],
        versions=outcome.get("versions", {}),
        **found,
    )


def _judgement(
    outcome: dict[str, Any], source: str, timeout: float, memory: int, before: str
) -> dict[str, Any]:
    """Verdict, checks, message, and section of an outcome."""
    plan, results, running = _read(outcome)
    failed = next((result for result in results.values() if not result.ok), None)
    checks = [
        results.get(name, CheckResult(name=name, ok=False, message="did not run"))
        for name, _ in plan
    ]
    finished = outcome["sealed"] and any(e.get("done") for e in outcome["events"])
    if finished and len(results) == len(plan):
        verdict, message = ("wrong", failed.message) if failed else ("right", "")
    else:
        found = explain(
            outcome, timeout=timeout, memory=memory, source=source, before=before
        )
        verdict, message = found.verdict, found.message
        if failed and verdict in ("timeout", "memory", "crashed"):
            # Without a seal the results are hints, and a failure may be told.
            verdict, message = "wrong", failed.message
        elif running:
            message += f'\nThis happened in the check "{running}".'
    named = failed.name if failed else running
    section = next((where for name, where in plan if name == named), None)
    return {
        "verdict": verdict,
        "checks": checks,
        "message": _text(message),
        "section": section,
    }


def _read(
    outcome: dict[str, Any],
) -> tuple[list[tuple[str, str | None]], dict[str, CheckResult], str | None]:
    """The declared checks, the results that came, and the check without a result."""
    plan: list[tuple[str, str | None]] = []
    results: dict[str, CheckResult] = {}
    running: str | None = None
    for event in outcome["events"]:
        if "plan" in event and not plan:
            plan = [(str(name), section) for name, section in event["plan"]]
        elif "start" in event:
            running = str(event["start"])
        elif "check" in event:
            name = str(event["check"])
            result = CheckResult(
                name=name, ok=event.get("ok") is True, message=_text(event["message"])
            )
            results.setdefault(name, result)
            running = None
    declared = {name for name, _ in plan}
    results = {name: result for name, result in results.items() if name in declared}
    return plan, results, running


def _text(value: Any) -> str:
    """A text that UTF-8 can hold: a program may print half a surrogate pair."""
    return str(value).encode("utf-8", "replace").decode("utf-8")
