"""Watch one worker: its time, memory, output, and processes, and end it.

The same watch serves a forked worker (inside the supervisor process of
`selfcheck.zygote`) and a fresh one (inside the caller, where there is no fork).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from selfcheck import procs
from selfcheck.wire import read_report
from selfcheck.worker import Place

MOST_PROCESSES = 32
MOST_OUTPUT = 2 * 2**20
KEPT_OUTPUT = 32 * 2**10
_MOST_REPORT = 4 * 2**20
# A container or a small machine must not be filled to the brim by a submission.
_SPARED_MEMORY = 128 * 2**20


class Child(Protocol):
    """A running worker, however it was started."""

    pid: int

    def poll(self) -> int | None:
        """The exit status (negative: the signal), None while it runs."""

    def end(self, seen: dict[int, str | None] | None = None) -> None:
        """Kill it and everything it started; `seen`: descendants met on the way."""


def _prefix(pid: int) -> str:
    return f"selfcheck-{pid}-"


@contextlib.contextmanager
def scratch() -> Iterator[Place]:
    """A folder for one run, removed afterwards whatever the run left in it."""
    base = Path(tempfile.mkdtemp(prefix=_prefix(os.getpid()))).resolve()
    try:
        yield Place(base).make()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def remove_scratch_of(pid: int) -> None:
    """Remove what a process that was killed could not."""
    for base in Path(tempfile.gettempdir()).glob(f"{_prefix(pid)}*"):
        shutil.rmtree(base, ignore_errors=True)


def new_nonce() -> bytes:
    """64 bytes that nobody can guess."""
    return secrets.token_hex(32).encode()


class Reader(threading.Thread):
    """Collects what arrives on a pipe, up to a bound, until the pipe is closed."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(daemon=True)
        self._descriptor = descriptor
        self.data = b""
        self.start()

    def run(self) -> None:
        """Read to the end."""
        with open(self._descriptor, "rb", buffering=0) as pipe:
            while part := pipe.read(65536):
                if len(self.data) < _MOST_REPORT:
                    self.data += part


def watch(
    child: Child,
    reader: Reader,
    place: Place,
    job: dict[str, Any],
    nonce: bytes,
    cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Wait for `child`, end it when it breaks a limit, and tell what happened.

    Returns a JSON-able outcome: `end` is "exit", "signal", "timeout", "memory",
    "output", "processes", or "cancelled"; `status` the exit status or signal;
    `events` the worker's messages; `sealed` whether they are to be believed.
    """
    started = time.monotonic()
    seen: dict[int, str | None] = {}
    end, status = _wait(child, place, job, started, cancelled, seen)
    if end == "timeout":
        _ask_for_trace(child, place)
    child.end(seen)
    reader.join(timeout=2.0)
    events, sealed = read_report(reader.data, nonce)
    return {
        "end": end,
        "status": status,
        "events": events,
        "sealed": sealed and end == "exit" and status == 0,
        "stdout": _head(place.out),
        "stderr": _head(place.err),
        "trace": _text(place.trace, 20_000),
        "seconds": round(time.monotonic() - started, 3),
    }


def _wait(
    child: Child,
    place: Place,
    job: dict[str, Any],
    started: float,
    cancelled: Callable[[], bool],
    seen: dict[int, str | None],
) -> tuple[str, int]:
    """Poll until the child ends or breaks a limit."""
    available = procs.available_memory()
    budget = int(job["memory"]) * 2**20
    if available is not None:
        budget = min(budget, max(available - _SPARED_MEMORY, _SPARED_MEMORY))
    own = procs.resident(child.pid)
    tick = 0.002
    while True:
        status = child.poll()
        if status is not None:
            return ("exit", status) if status >= 0 else ("signal", -status)
        below = procs.descendants(child.pid)
        seen.update((pid, procs.started(pid)) for pid in below if pid not in seen)
        used = sum(max(0, procs.resident(pid) - own) for pid in (child.pid, *below))
        if time.monotonic() - started > float(job["timeout"]):
            return "timeout", 0
        if used > budget:
            return "memory", 0
        if _size(place.out) + _size(place.err) > MOST_OUTPUT:
            return "output", 0
        if len(below) > MOST_PROCESSES:
            return "processes", 0
        if cancelled():
            return "cancelled", 0
        time.sleep(tick)
        tick = min(0.03, tick * 1.3)


def _ask_for_trace(child: Child, place: Place) -> None:
    """Let faulthandler write down the line at which the worker is."""
    if not hasattr(signal, "SIGUSR1"):
        return
    with contextlib.suppress(OSError):
        os.kill(child.pid, signal.SIGUSR1)
    deadline = time.monotonic() + 0.3
    while not _size(place.trace) and time.monotonic() < deadline:
        time.sleep(0.01)


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _head(path: Path) -> str:
    """The beginning of what was printed, and how much was left out."""
    text, size = _text(path, KEPT_OUTPUT), _size(path)
    if size > KEPT_OUTPUT:
        text += f"\n… and {size - KEPT_OUTPUT:,} bytes more\n"
    return text


def _text(path: Path, longest: int) -> str:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(longest).decode("utf-8", "replace")
    return ""
