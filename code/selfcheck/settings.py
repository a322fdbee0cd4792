"""What the processes of the grader are started with."""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

from selfcheck import procs

START_SECONDS = 180.0
_SMALL_MACHINE = 4 * 2**30


class SandboxError(RuntimeError):
    """The machinery failed, not the program: the message says what to do."""


def is_small() -> bool:
    """Whether the machine, or its container, has less than 4 GiB of memory."""
    total = procs.total_memory()
    return total is not None and total < _SMALL_MACHINE


@dataclass(frozen=True)
class SandboxConfig:
    """What the programs find: modules imported beforehand, environment variables."""

    preload: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    idle: float | None = None

    def idle_seconds(self) -> float:
        """After how long a zygote that nobody uses ends; sooner on a small machine."""
        if self.idle is not None:
            return self.idle
        return 120.0 if is_small() else 1800.0


def can_fork() -> bool:
    """Whether a copy per program is safe here."""
    return sys.platform.startswith("linux") and not os.environ.get("SELFCHECK_NO_FORK")


def environment(config: SandboxConfig) -> dict[str, str]:
    """The variables of graded processes: this process's own, and the configured ones.

    OpenBLAS would start threads while NumPy is imported, which a fork loses; one
    arena per thread would fill the address space that limits a program's memory.
    """
    env = dict(os.environ)
    env |= {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "4"}
    env |= {"PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg"}
    env |= config.env
    env.pop("PYTHONSTARTUP", None)
    root = str(Path(__file__).resolve().parents[1])
    if root not in sysconfig.get_paths().values():
        env["PYTHONPATH"] = os.pathsep.join(
            part for part in (root, env.get("PYTHONPATH", "")) if part
        )
    return env


def could_not_start(reason: str) -> str:
    """The message for a grader that does not start."""
    return (
        f"The process that runs programs could not start: {reason}. "
        "Install what the book needs with `pip install -r requirements.txt` "
        f"(interpreter: {sys.executable})."
    )
