"""Processes as the kernel sees them: descendants, memory, and how to end them all.

Everything here reads `/proc` and works without it too, with less precision: on a
system that has none, a process has no known descendants and no known size.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_CGROUP = Path("/sys/fs/cgroup")


def _prctl(option: int, value: int) -> bool:
    """Call prctl(2); False where there is none."""
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0


def become_subreaper() -> bool:
    """Adopt every orphan below this process, even one that called setsid."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> bool:
    """Ask the kernel to kill this process when its parent ends."""
    return _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """The living and zombie children of process `pid`, of any of its threads."""
    found: list[int] = []
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return found
    for thread in threads:
        with contextlib.suppress(OSError, ValueError):
            text = Path(f"/proc/{pid}/task/{thread}/children").read_text()
            found.extend(int(word) for word in text.split())
    return found


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, without `pid` itself."""
    found: list[int] = []
    todo = children(pid)
    while todo:
        found += todo
        todo = [grandchild for child in todo for grandchild in children(child)]
    return found


def resident(pid: int) -> int:
    """Bytes of memory that process `pid` holds; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def address_space() -> int:
    """Bytes of virtual memory that this process has mapped; 0 when not known."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def available_memory() -> int | None:
    """Bytes that may still be used: of the machine, or of its container."""
    bounds = [bound for bound in (_machine_memory(), _cgroup_memory()) if bound]
    return min(bounds) if bounds else None


def _machine_memory() -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _cgroup_memory() -> int | None:
    """Limit minus use of a container; file pages count as free: they can go."""
    for limit, used, stat, inactive in (
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.stat",
            "total_inactive_file",
        ),
    ):
        with contextlib.suppress(OSError, ValueError):
            bound = int((_CGROUP / limit).read_text())
            fields = dict(
                line.split() for line in (_CGROUP / stat).read_text().splitlines()
            )
            taken = int((_CGROUP / used).read_text()) - int(fields.get(inactive, 0))
            return max(0, bound - taken)
    return None


def total_memory() -> int | None:
    """Bytes this machine, or this container, has at all."""
    bounds: list[int] = []
    with contextlib.suppress(OSError, ValueError, AttributeError):
        bounds.append(os.sysconf("SC_PHYS_PAGES") * _PAGE)
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):
            bounds.append(int((_CGROUP / limit).read_text()))
    return min(bounds) if bounds else None


def end_descendants(patience: float = 5.0) -> bool:
    """Kill and reap everything below this process (a subreaper).

    The processes are stopped before they are killed: one that forks faster than it
    is killed would otherwise escape. False when some are left after `patience` s.
    """
    deadline = time.monotonic() + patience
    me = os.getpid()
    while time.monotonic() < deadline:
        below = descendants(me)
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in below:
                with contextlib.suppress(OSError):
                    os.kill(pid, number)
        if _reap_all() and not children(me):
            return True
        time.sleep(0.005)
    return False


def _reap_all() -> bool:
    """Collect every dead child; True when no child is left."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid == 0:
            return False


def started(pid: int) -> str | None:
    """When process `pid` started, in clock ticks; None when it is gone.

    Together with the id it names one process for good: ids are used again.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return None


def end_tree(pid: int, seen: dict[int, str | None]) -> None:
    """Kill process `pid` and what is below it, from a process that is no subreaper.

    Args:
        pid: the process, leader of its own process group.
        seen: descendants that were seen earlier, with their start; they are killed
            too when they still are who they were.
    """
    below = descendants(pid)
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(pid)]
        subprocess.run(command, capture_output=True, check=False)
        return
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    below += [old for old, start in seen.items() if start and started(old) == start]
    for victim in below:
        with contextlib.suppress(OSError):
            os.kill(victim, signal.SIGKILL)
