"""Grade a submission: the one function behind page, notebook, and command line."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from selfcheck import sandbox
from selfcheck.config import Config, find, read
from selfcheck.explain import Verdict
from selfcheck.load import PoolFile, load
from selfcheck.model import SLUG, Code
from selfcheck.record import CheckResult, GradeRecord, record_of

__all__ = [
    "CheckResult",
    "CodeItem",
    "GradeError",
    "GradeRecord",
    "find_item",
    "grade",
    "run_example",
]

LONGEST_SOURCE = 100_000
_MARK = "\ufeff"  # some editors begin a file with it; Python skips it in files, too
_SURROGATE = re.compile("[\ud800-\udfff]")


class GradeError(ValueError):
    """There is nothing to grade with: the item, its files, or its checks are amiss."""


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
    until_failure: bool = False,
    config: Config | None = None,
) -> GradeRecord:
    """Run a submission and every check of its item, in a process of its own.

    Args:
        item: address `<pool>/<id>`, or the path of the item's folder.
        source: the submission.
        timeout: seconds; by default what the item says.
        seed: of the hidden random inputs; by default another one each time.
        until_failure: whether the checks behind one that fails are left out.
        config: the book; by default the one around the current folder.

    Raises:
        GradeError: the item does not exist or cannot grade.
        SandboxError: the process that runs programs cannot start.
    """
    code, config = find_item(item, config)
    job = {
        "kind": "grade",
        "source": source.removeprefix(_MARK),
        "checks": str(code.checks),
        "guarded": list(config.preload),
        "seed": seed,
        "until_failure": until_failure,
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
    source = source.removeprefix(_MARK)
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
    if amiss := _amiss(job["source"]):
        verdict, message = amiss
        return GradeRecord(item=code.name, verdict=verdict, message=message)
    sandbox.configure(config)
    outcome = sandbox.run_job({**job, "merge": True}, timeout=limit, memory=code.memory)
    return record_of(
        code.name,
        outcome,
        job["source"],
        timeout=limit,
        memory=code.memory,
        before=before,
    )


def _amiss(source: str) -> tuple[Verdict, str] | None:
    """What keeps a text from being run at all, with its verdict."""
    if len(source) > LONGEST_SOURCE:
        return "refused", (
            f"The program has {len(source):,} characters; at most {LONGEST_SOURCE:,} "
            "are accepted."
        )
    if stray := _SURROGATE.search(source):
        # A byte that is no UTF-8 arrives as one of these from a file or a browser.
        line = source.count("\n", 0, stray.start()) + 1
        return "error", (
            f"The program is not text in UTF-8: there is a stray byte or half a "
            f"character in line {line}. Save it as UTF-8, or delete what is there."
        )
    return None
