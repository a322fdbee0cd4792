"""The caller's end of the zygote: start it, hand it jobs, start it again."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Any

from selfcheck import wire
from selfcheck.fresh import run_fresh
from selfcheck.settings import (
    START_SECONDS,
    SandboxConfig,
    SandboxError,
    can_fork,
    could_not_start,
    environment,
)


class ZygoteClient:
    """Starts a zygote when there is none and sends it jobs."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.versions: dict[str, str] = {}
        self.forkable = can_fork()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = os.getpid()

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run one job; returns the outcome as `selfcheck.supervise.watch` tells it.

        Raises:
            SandboxError: no zygote could be started.
        """
        for _ in range(3):
            with self._connect() as (connection, process):
                if connection is None:
                    return run_fresh(job, self.config)
                with contextlib.suppress(OSError):
                    wire.send(connection, job)
                if wire.receive(connection) is None:
                    # It ended between two requests: it had been idle, or was killed.
                    self._end_if(process)
                    continue
                outcome = wire.receive(connection) or _lost()
            return {**outcome, "versions": self.versions}
        raise SandboxError(
            "The process that runs programs ended three times before it took a job. "
            "Is the machine out of memory? Close other programs and try again."
        )

    @contextlib.contextmanager
    def _connect(self) -> Iterator[tuple[socket.socket | None, object]]:
        """A socket to a new supervisor, and the zygote it belongs to.

        The socket is None when a fresh process has to be used instead.
        """
        if not self.forkable:
            yield None, None
            return
        ours, theirs = socket.socketpair()
        with ours, theirs:
            with self._lock:
                self._ensure()
                process = self._process
                if self._control is not None:
                    with contextlib.suppress(OSError):
                        socket.send_fds(self._control, [b"+"], [theirs.fileno()])
            theirs.close()
            yield (ours if self.forkable else None), process

    def start(self) -> None:
        """Start the zygote now, if none is running, and wait until it is ready."""
        with self._lock:
            self._ensure()

    @property
    def pid(self) -> int | None:
        """Process id of the running zygote."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def _ensure(self) -> None:
        if self._owner != os.getpid():
            # This process is a fork: the zygote belongs to the original.
            self._process = self._control = None
            self._owner = os.getpid()
        if not self.forkable:
            return
        if self._process is not None and self._process.poll() is None:
            return
        self._end()
        self._launch()

    def _launch(self) -> None:
        ours, theirs = socket.socketpair()
        with tempfile.TemporaryFile() as log, theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "selfcheck.zygote"),
                    *("--control", str(theirs.fileno())),
                    *("--preload", ",".join(self.config.preload)),
                    *("--idle", str(self.config.idle_seconds())),
                ],
                env=environment(self.config),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
            self._control = ours
            self._greet(ours, log)

    def _greet(self, control: socket.socket, log: IO[bytes]) -> None:
        """Wait for the zygote's first message."""
        control.settimeout(START_SECONDS)
        try:
            hello = wire.receive(control)
        except TimeoutError:
            hello = {"error": f"it was not ready after {START_SECONDS:.0f} s"}
        control.settimeout(None)
        if hello is None:
            log.seek(0)
            last = log.read().decode("utf-8", "replace").strip().splitlines()[-3:]
            hello = {"error": "it ended while starting: " + " / ".join(last)}
        if "error" in hello:
            self._end()
            raise SandboxError(could_not_start(hello["error"]))
        self.versions = hello["versions"]
        if hello["threads"] > 1:
            self.forkable = False
            self._end()

    def stop(self) -> None:
        """End the zygote; the next job starts a new one."""
        if self._lock.acquire(timeout=0.1):
            self._lock.release()
        elif (starting := self._process) is not None:
            # Another thread waits for its imports: nobody needs them any more.
            starting.kill()
        with self._lock:
            if self._owner == os.getpid():
                self._end()

    def _end_if(self, process: object) -> None:
        """End the zygote unless another thread has replaced it already."""
        with self._lock:
            if self._process is process:
                self._end()

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(timeout=2.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def _lost() -> dict[str, Any]:
    """The outcome when a supervisor has been killed under a program."""
    return {
        "end": "lost",
        "status": 0,
        "events": [],
        "sealed": False,
        "stdout": "",
        "stderr": "",
        "trace": "",
        "seconds": 0.0,
    }
