"""The process that runs a program: made for one program, ended after it.

It is forked from the zygote (`selfcheck.zygote`) or, where there is no fork, started
fresh with `python -m selfcheck.zygote --once`. It shuts itself off from its parent,
runs the job, reports over a private pipe, and ends.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import random
import secrets
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from selfcheck import jobs, procs
from selfcheck.judge import judge
from selfcheck.wire import Report

try:
    import fcntl
    import resource
except ImportError:  # Windows: no limits of this kind
    fcntl = resource = None  # type: ignore[assignment]

# What the supervisor reads from the exit status when there is no sealed report.
CHANNEL_CLOSED = 97
HANDLERS: dict[str, Callable[[dict[str, Any], Path, Report], None]] = {
    "program": jobs.run_program,
    "evaluate": jobs.evaluate,
    "example": jobs.run_example,
    "grade": judge,
}


@dataclass(frozen=True)
class Place:
    """The files of one run; `base` is removed when it is over."""

    base: Path

    @property
    def run(self) -> Path:
        """Current directory of the program."""
        return self.base / "run"

    @property
    def out(self) -> Path:
        """What the program wrote to file descriptor 1."""
        return self.base / "out"

    @property
    def err(self) -> Path:
        """What the program wrote to file descriptor 2."""
        return self.base / "err"

    @property
    def trace(self) -> Path:
        """Where faulthandler says which line was running."""
        return self.base / "trace"

    def make(self) -> Place:
        """Create the folder and its empty files."""
        self.run.mkdir()
        for path in (self.out, self.err, self.trace):
            path.touch()
        return self


def run(job: dict[str, Any], place: Place, channel: int, token: int) -> NoReturn:
    """Run `job` in this process, report over `channel`, and end the process.

    `token` is the reading end of a pipe that holds the nonce. It is read after the
    last line of foreign code has run: until then the nonce is not in this process.
    """
    channel, token = _hide(channel), _hide(token)
    trace = _move_in(place, merge=bool(job.get("merge")), keep={channel, token})
    _limit(job)
    _watch_for_faults(trace)
    report = Report(channel)
    read, end = os.read, os._exit
    try:
        try:
            HANDLERS[job["kind"]](job, place.run, report)
        except jobs.Stopped:
            pass
        except OSError:
            raise
        except Exception:
            report.send(broken=traceback.format_exc())
        _flush()
        report.seal(read(token, 64))
    except OSError:
        end(CHANNEL_CLOSED)
    end(0)


def _hide(descriptor: int) -> int:
    """Move a descriptor to a number that is not simply the next one."""
    if fcntl is None:
        return descriptor
    low = 100 + secrets.randbelow(800)
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, low)
    os.close(descriptor)
    return moved


def _move_in(place: Place, *, merge: bool, keep: set[int]) -> int:
    """Connect the standard streams to files; returns the descriptor of the trace."""
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
    out = os.open(place.out, flags)
    err = os.open(place.out if merge else place.err, flags)
    trace = os.open(place.trace, flags)
    null = os.open(os.devnull, os.O_RDONLY)
    for descriptor, number in ((null, 0), (out, 1), (err, 2)):
        os.dup2(descriptor, number)
    _close_others({0, 1, 2, trace, *keep})
    sys.stdin = sys.__stdin__ = _stream(0, "r")
    sys.stdout = sys.__stdout__ = _stream(1, "w")
    sys.stderr = sys.__stderr__ = _stream(2, "w")
    os.chdir(place.run)
    os.environ["TMPDIR"] = str(place.run)
    tempfile.tempdir = None
    return trace


def _stream(number: int, mode: str) -> IO[str]:
    return open(
        number,
        mode,
        buffering=1,
        encoding="utf-8",
        errors="backslashreplace",
        newline="\n",
        closefd=False,
    )


def _close_others(keep: set[int]) -> None:
    """Close what was inherited, so that a program cannot reach its grader's files."""
    try:
        open_ones = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:
        return
    for descriptor in open_ones:
        if descriptor not in keep:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def _limit(job: dict[str, Any]) -> None:
    """Bound memory, file size, and processor time of this process."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if resource is None:
        return
    cores = os.cpu_count() or 1
    bounds = {
        resource.RLIMIT_AS: procs.address_space() + int(job["memory"]) * 2**20,
        resource.RLIMIT_FSIZE: int(job.get("file_size", 256)) * 2**20,
        # A backstop for the day the supervisor's clock cannot act.
        resource.RLIMIT_CPU: (int(job["timeout"]) + 5) * cores,
        resource.RLIMIT_CORE: 0,
    }
    for which, bound in bounds.items():
        _, hard = resource.getrlimit(which)
        if hard != resource.RLIM_INFINITY:
            bound = min(bound, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (bound, bound))


def _watch_for_faults(trace: int) -> None:
    """Let a crash, and the supervisor's SIGUSR1, leave the line that was running."""
    faulthandler.enable(file=trace, all_threads=False)
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, file=trace, all_threads=False)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
