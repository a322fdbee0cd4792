"""Build the book: bundle the page's scripts, execute the chapters, run Jupyter Book."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from selfcheck import bundle, config, keys, load
from selfcheck.problems import PoolError
from selfcheck.sandbox import SandboxError
from tools import notebooks
from tools.chapters import ROOT, chapters
from tools.execute import KERNEL_ENV, execute_all

#: All that the built site depends on, beside the outputs of the chapters.
INPUTS = ("_config.yml", "_toc.yml", "requirements.txt", "book", "code", "tools")
#: What writes the pages: a change here changes pages whose sources stayed the same.
WRITERS = ("_config.yml", "_toc.yml", "requirements.txt", "book/_ext", "code/selfcheck")
IGNORED = {"__pycache__", "node_modules", "dist", ".ipynb_checkpoints"}
SITE = ROOT / "_build" / "html"
STAMP = ROOT / "_build" / "site.sha256"
WRITERS_STAMP = ROOT / "_build" / "writers.sha256"


def input_files(root: Path = ROOT, inputs: tuple[str, ...] = INPUTS) -> list[Path]:
    """Return every file that the site is made of, sorted."""
    files: list[Path] = []
    for name in inputs:
        path = root / name
        found = path.rglob("*") if path.is_dir() else [path]
        files += [f for f in found if f.is_file() and not _passing(f)]
    return sorted(files)


def _passing(path: Path) -> bool:
    """Tell whether a file comes and goes by itself: caches, locks, build products."""
    hidden = path.name.startswith(".") or path.parent.suffix == ".egg-info"
    return hidden or bool(IGNORED & {*path.parts})


def input_hash(root: Path = ROOT, inputs: tuple[str, ...] = INPUTS) -> str:
    """Hash every file that the site is made of, or that some part of it is."""
    digest = hashlib.sha256()
    for path in input_files(root, inputs):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def run_sphinx(fresh: bool) -> int:
    """Run Jupyter Book: nitpicky, every warning an error, all of them reported."""
    program = Path(sys.executable).with_name("jupyter-book")
    command = [str(program), "build", str(ROOT)]
    command += ["-n", "-W", "--keep-going", "-q"] + (["--all"] if fresh else [])
    paths = [str(ROOT), str(ROOT / "code"), os.environ.get("PYTHONPATH", "")]
    env = {
        **os.environ,
        **KERNEL_ENV,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    # Its closing words speak of opening files; ours say what to do. Warnings pass.
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    return done.returncode


def compute_keys(pools: Path = ROOT / "book" / "quizzes") -> None:
    """Execute the keys of the quizzes before the pages need them, a line for each.

    What is wrong with a pool is left for the build to report, at its line.
    """
    book = config.read(pools)
    for path in sorted(pools.glob("*/pool.yaml")):
        start = time.monotonic()
        try:
            file = load.load(path, book)
            keys.attempt(file, book)
        except (PoolError, SandboxError):
            continue
        count, seconds = len(file.pool.items), time.monotonic() - start
        print(f"  {path.parent.name:<20} {count} items  {seconds:5.1f} s", flush=True)


def fail(message: str) -> int:
    """Print one message that says what to do; return the exit code."""
    print(f"\nmake: {message}", file=sys.stderr, flush=True)
    return 1


def build(*, force: bool = False, jobs: int | None = None) -> int:
    """Bring the site up to date.

    Args:
        force: execute every chapter anew and write every page.
        jobs: how many chapters run at once; default, one per core.

    Returns:
        An exit code; 0 only when the site is complete and nothing warned.
    """
    start = time.monotonic()
    wanted = input_hash()
    page = SITE / "index.html"
    if not force and page.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        print("The book is up to date.", flush=True)
        return 0
    STAMP.unlink(missing_ok=True)
    try:
        bundle.ensure()
    except bundle.BundleError as error:
        return fail(str(error))
    print("Executing the chapters", flush=True)
    book = chapters()
    failures = execute_all(book, ROOT, jobs=jobs, force=force)
    if failures:
        return fail(
            "\n\n".join(failures)
            + "\n\nmake: the book was not built. Correct the chapter, run it again;\n"
            "chapters that passed are not executed a second time."
        )
    print("Executing the keys of the quizzes", flush=True)
    compute_keys()
    print("Building the pages", flush=True)
    if force:
        shutil.rmtree(SITE, ignore_errors=True)
    writers = input_hash(inputs=WRITERS)
    rewritten = not WRITERS_STAMP.exists() or WRITERS_STAMP.read_text() != writers
    if run_sphinx(force or rewritten):
        return fail(
            "the build has warnings or errors (the lines before this one say where).\n"
            "Every warning counts: correct it and run make book again."
        )
    notebooks.write_all(SITE, book)
    WRITERS_STAMP.write_text(writers)
    STAMP.write_text(wanted)
    print(f"The book is in {SITE} ({time.monotonic() - start:.0f} s)", flush=True)
    return 0


def main() -> int:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="execute and write it all")
    parser.add_argument("--jobs", type=int, help="chapters at once (default: cores)")
    arguments = parser.parse_args()
    return build(force=arguments.force, jobs=arguments.jobs)


if __name__ == "__main__":
    sys.exit(main())
