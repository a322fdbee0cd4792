"""Run programs outside this process.

One zygote (`selfcheck.zygote`) serves a process. It is started when the first program
is to be run, used again for the next ones, started anew when it was killed or went to
sleep, and ends with this process. All functions may be called from several threads.

Where a process cannot be forked safely (Windows, macOS, `SELFCHECK_NO_FORK=1`) each
program gets a fresh process, with the same result some seconds later.
"""

from __future__ import annotations

import atexit
import os
import threading
from dataclasses import dataclass
from typing import Any

from selfcheck.client import ZygoteClient
from selfcheck.config import Config, ConfigError, find
from selfcheck.settings import SandboxConfig, SandboxError

__all__ = [
    "ProgramResult",
    "SandboxConfig",
    "SandboxError",
    "Value",
    "configure",
    "evaluate",
    "run_job",
    "run_program",
    "shut_down",
    "warm_up",
]


@dataclass(frozen=True)
class ProgramResult:
    """What became of a program: `error` is None exactly when `ok`."""

    ok: bool
    stdout: str
    error: str | None
    seconds: float
    stderr: str = ""


@dataclass(frozen=True)
class Value:
    """What an expression is worth, as JSON can hold it."""

    ok: bool
    value: Any
    error: str | None
    seconds: float


_lock = threading.Lock()
_client: ZygoteClient | None = None
_config: SandboxConfig | None = None
# More programs at a time than cores would time out without being endless.
_places = threading.BoundedSemaphore(max(1, min(4, os.cpu_count() or 1)))


def configure(config: SandboxConfig | Config) -> None:
    """Use `config` from the next program on; a running zygote of another one ends.

    Without it the configuration nearest to the current folder is used.
    """
    global _client, _config
    if isinstance(config, Config):
        config = SandboxConfig(preload=config.preload, env=config.env)
    with _lock:
        if config == _config:
            return
        old, _client, _config = _client, None, config
    if old is not None:
        old.stop()


def client() -> ZygoteClient:
    """The zygote's client of this process, made when first asked for."""
    global _client
    with _lock:
        if _client is None:
            _client = ZygoteClient(_config or _nearest())
        return _client


def _nearest() -> SandboxConfig:
    """What the book around the current folder says; nothing where there is none."""
    try:
        found = find()
    except ConfigError:
        return SandboxConfig()
    return SandboxConfig(preload=found.preload, env=found.env)


def warm_up() -> None:
    """Start the zygote now, so that the first program does not wait for it.

    Raises:
        SandboxError: it cannot start.
    """
    client().start()


@atexit.register
def shut_down() -> None:
    """End the zygote of this process, if there is one."""
    if _client is not None:
        _client.stop()


def run_job(job: dict[str, Any], *, timeout: float, memory: int) -> dict[str, Any]:
    """Run a job of `selfcheck.jobs` under limits; returns the supervisor's outcome.

    Args:
        job: the job, JSON-able, with its `kind`.
        timeout: seconds of wall time; waiting for a free place does not count.
        memory: MiB that the program may use in addition to the imported modules.

    Raises:
        SandboxError: the machinery failed.
    """
    with _places:
        return client().run({**job, "timeout": timeout, "memory": memory})


def run_program(
    source: str, *, timeout: float = 60.0, memory: int = 4096
) -> ProgramResult:
    """Run `source` as a main program in a process of its own.

    Args:
        source: Python code.
        timeout: seconds of wall time.
        memory: MiB in addition to what the imported modules take.

    Raises:
        SandboxError: the machinery failed, not the program.
    """
    outcome = run_job(
        {"kind": "program", "source": source}, timeout=timeout, memory=memory
    )
    _, error = _result(outcome, timeout, memory)
    return ProgramResult(
        ok=error is None,
        stdout=outcome["stdout"],
        error=error,
        seconds=outcome["seconds"],
        stderr=outcome["stderr"],
    )


def evaluate(
    setup: str, expression: str, *, timeout: float = 60.0, memory: int = 4096
) -> Value:
    """The value of `expression` after `setup` has run, in a process of its own.

    Tensors, arrays, and NumPy's numbers become plain numbers or lists of them.

    Raises:
        SandboxError: the machinery failed, not the program.
    """
    outcome = run_job(
        {"kind": "evaluate", "setup": setup, "expression": expression},
        timeout=timeout,
        memory=memory,
    )
    value, error = _result(outcome, timeout, memory)
    return Value(error is None, value, error, outcome["seconds"])


def _result(
    outcome: dict[str, Any], timeout: float, memory: int
) -> tuple[Any, str | None]:
    """The value that a sealed report ends with, or the reason why there is none."""
    from selfcheck.explain import explain

    if outcome["sealed"]:
        for event in outcome["events"]:
            if event.get("done"):
                return event.get("value"), None
    return None, explain(outcome, timeout=timeout, memory=memory).detail
