"""Execute the chapters that need it, one process each, on every core.

The outputs go into the execution cache that the build reads. That cache knows cells by
their text alone, so this module keeps a ledger beside it: for each chapter the
fingerprint of all that its outputs depend on, with time, memory, and versions.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import re
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools.chapters import Chapter, fingerprint, read_yaml

#: What every kernel of the book runs with: no log or progress lines, and sums in one
#: fixed order.
KERNEL_ENV = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONHASHSEED": "0",
    "INSIDETF_PROGRESS": "0",
}
#: Distributions that hold each package, by the name the reader knows.
PACKAGES = {"tensorflow": ("tensorflow-cpu", "tensorflow"), "keras": ("keras",)}


COLORS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Run:
    """What is known of a chapter's last execution."""

    fingerprint: str
    seconds: float
    peak_mb: float
    versions: dict[str, str]


class ChapterError(Exception):
    """A chapter's cell raised; the text says which and why."""


def ledger_path(root: Path) -> Path:
    """Return the file that remembers the last execution of each chapter."""
    return root / "_build" / "execution.json"


def read_ledger(root: Path) -> dict[str, Run]:
    """Read the ledger; an unreadable one counts as empty."""
    with suppress(OSError, ValueError, TypeError):
        entries = json.loads(ledger_path(root).read_text(encoding="utf-8"))
        return {docname: Run(**entry) for docname, entry in entries.items()}
    return {}


def write_ledger(root: Path, ledger: dict[str, Run]) -> None:
    """Write the ledger in one step."""
    path = ledger_path(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: asdict(run) for name, run in ledger.items()}, indent=1)
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").replace(path)


def open_cache(root: Path) -> JupyterCacheAbstract:
    """Open the cache at the place where Jupyter Book looks for it."""
    return get_cache(str(root / "_build" / ".jupyter_cache"))


def _describe(error: Exception) -> str:
    if isinstance(error, CellTimeoutError):
        return f"a cell ran into the time limit:\n{error}"
    if isinstance(error, DeadKernelError):
        return "the kernel died (out of memory, or a crash in native code)"
    return f"a cell raised:\n{COLORS.sub('', str(error)).strip()}"


def installed_versions() -> dict[str, str]:
    """Return the versions that kernels of this environment run with."""
    found = {"python": platform.python_version()}
    for name, distributions in PACKAGES.items():
        for distribution in distributions:
            with suppress(metadata.PackageNotFoundError):
                found[name] = metadata.version(distribution)
                break
    return found


def execute(chapter: Chapter, timeout: float) -> tuple[NotebookNode, float, float]:
    """Execute one chapter in a fresh kernel.

    Returns:
        (notebook with outputs, seconds, peak memory of the kernel in MB)

    Raises:
        ChapterError: when a cell raises, takes longer than ``timeout`` seconds, or
            the kernel dies.
    """
    os.environ.update(KERNEL_ENV)
    client = NotebookClient(
        chapter.notebook,
        timeout=timeout,
        record_timing=False,  # the cache would take the times for a changed cell
        resources={"metadata": {"path": str(chapter.path.parent)}},
    )
    start = time.monotonic()
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ChapterError(f"{chapter.docname}.md: {_describe(error)}") from None
    seconds = time.monotonic() - start
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e6
    return chapter.notebook, seconds, peak


def store(cache: JupyterCacheAbstract, chapter: Chapter, seconds: float) -> None:
    """Put an executed chapter into the cache, in place of an older one."""
    forget(cache, chapter)
    cache.cache_notebook_bundle(
        CacheBundleIn(
            chapter.notebook,
            str(chapter.path),
            data={"execution_seconds": seconds},
        ),
        check_validity=False,
        overwrite=True,
    )


def forget(cache: JupyterCacheAbstract, chapter: Chapter) -> None:
    """Remove the outputs that the cache holds for these cells, if any."""
    with suppress(KeyError):
        cache.remove_cache(cache.match_cache_notebook(chapter.notebook).pk)


def stale(chapters: list[Chapter], root: Path, force: bool = False) -> list[Chapter]:
    """Return the chapters whose outputs are missing or out of date."""
    ledger, cache = read_ledger(root), open_cache(root)

    def fresh(chapter: Chapter) -> bool:
        run = ledger.get(chapter.docname)
        if force or run is None or run.fingerprint != fingerprint(chapter):
            return False
        try:
            cache.match_cache_notebook(chapter.notebook)
        except KeyError:
            return False
        return True

    return [chapter for chapter in chapters if not fresh(chapter)]


def _finished(futures: dict[Future, Chapter]) -> Iterator[Future]:
    pending = set(futures)
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        yield from done


def _estimate(todo: list[Chapter], ledger: dict[str, Run], jobs: int) -> str:
    known = [run.seconds for run in ledger.values()]
    usual = statistics.median(known) if known else 30.0
    total = sum(
        ledger[c.docname].seconds if c.docname in ledger else usual for c in todo
    )
    seconds = round(total / jobs)
    return f"about {seconds // 60} min {seconds % 60:02d} s left" if todo else "done"


def execute_all(
    chapters: list[Chapter], root: Path, *, jobs: int | None = None, force: bool = False
) -> list[str]:
    """Execute the stale chapters in parallel, with a progress line for each.

    Returns:
        One message per chapter that failed; empty when all went well.
    """
    todo = stale(chapters, root, force)
    fresh = len(chapters) - len(todo)
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(todo) or 1))
    if fresh:
        print(f"  {fresh} of {len(chapters)} chapters unchanged", flush=True)
    if not todo:
        return []
    ledger, cache = read_ledger(root), open_cache(root)
    timeout = read_yaml(root / "_config.yml")["execute"]["timeout"]
    failures: list[str] = []
    waiting = {chapter.docname: chapter for chapter in todo}
    print(f"  executing {len(todo)}, {_estimate(todo, ledger, jobs)}", flush=True)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=1) as pool:
        futures = {pool.submit(execute, chapter, timeout): chapter for chapter in todo}
        for count, future in enumerate(_finished(futures), 1):
            chapter = futures[future]
            del waiting[chapter.docname]
            head = f"  [{count}/{len(todo)}] {chapter.slug:<14}"
            try:
                notebook, seconds, peak = future.result()
            except ChapterError as error:
                ledger.pop(chapter.docname, None)
                failures.append(str(error))
                print(f"{head} failed", flush=True)
                continue
            done = Chapter(chapter.docname, notebook, root)
            store(cache, done, seconds)
            ledger[chapter.docname] = Run(
                fingerprint(done), seconds, peak, installed_versions()
            )
            write_ledger(root, ledger)
            left = _estimate(list(waiting.values()), ledger, jobs)
            print(f"{head} {seconds:5.1f} s  {peak:5.0f} MB  {left}", flush=True)
    write_ledger(root, ledger)
    return failures
