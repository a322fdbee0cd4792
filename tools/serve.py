"""Build the book, then serve it with live kernels: what `make serve` runs."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from tools.build import ROOT, SITE, build


def main() -> int:
    """Build, then hand over to the book's server until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8888, help="default: %(default)s")
    parser.add_argument("--no-open", action="store_true", help="open no browser")
    arguments = parser.parse_args()
    failed = build()
    if failed:
        return failed
    command = [sys.executable, "-m", "selfcheck.server", "--site", str(SITE)]
    command += [
        "--pools",
        str(ROOT / "book" / "quizzes"),
        "--port",
        str(arguments.port),
    ]
    command += [] if arguments.no_open else ["--open"]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    # The server takes this place, so that Ctrl-C and its clean-up are its own.
    os.chdir(ROOT)
    if os.name != "nt":
        os.execve(sys.executable, command, env)
    return subprocess.run(command, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
