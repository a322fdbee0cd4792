"""A process that imports TensorFlow once and forks a copy for every program.

Started by `selfcheck.sandbox` as `python -m selfcheck.zygote --control <fd>`. It
imports the modules it is told to, never runs an op (a process that has run one has
threads, and a fork of it hangs), and forks a supervisor per request:

    caller ── zygote ── supervisor ── worker (the program) ── what the program starts

The supervisor adopts every orphan below it and ends them all. Requests and answers
go over a socket of their own, which arrives over the control socket; when the caller
closes it, or ends, the supervisor ends the program.

With `--once` the process runs a single job itself: the way without fork.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from selfcheck import procs, wire, worker
from selfcheck.guard import prepare
from selfcheck.supervise import Reader, new_nonce, remove_scratch_of, scratch, watch
from selfcheck.worker import Place


def preload(modules: list[str]) -> dict[str, Any]:
    """Import `modules`; returns what they are, or why they cannot be imported."""
    started = time.monotonic()
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as error:
            return {"error": f"cannot import {name}: {type(error).__name__}: {error}"}
    versions = {
        name: str(getattr(sys.modules[name], "__version__", "unknown"))
        for name in modules
    }
    return {"versions": versions, "seconds": round(time.monotonic() - started, 2)}


def make_ready(modules: list[str]) -> None:
    """Do here what every copy would have to do again, and what would slow it down.

    A garbage collection in a copy touches every object, and the system duplicates
    every page it touches: what is here now is left out of collections.
    """
    prepare(tuple(modules))
    gc.collect()
    gc.freeze()


def threads() -> int:
    """How many threads this process has; a fork keeps only one of them."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


class ForkedChild:
    """A worker forked from a supervisor."""

    def __init__(self, job: dict[str, Any], place: Place) -> None:
        channel_out, channel_in = os.pipe()
        token_out, token_in = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            procs.die_with_parent()
            worker.run(job, place, channel_in, token_out)
        # After the fork, so that the copy has never held it.
        self.nonce = new_nonce()
        os.write(token_in, self.nonce)
        for descriptor in (channel_in, token_out, token_in):
            os.close(descriptor)
        self.reader = Reader(channel_out)
        self._status: int | None = None

    def poll(self) -> int | None:
        """Exit status, minus the signal, or None while the worker runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def end(self, _: dict[int, str | None] | None = None) -> None:
        """Kill the worker and every process below this one."""
        procs.end_descendants()


def supervise(connection: socket.socket) -> None:
    """Answer one request: run its job, and send the outcome."""
    os.setsid()
    procs.become_subreaper()
    job = wire.receive(connection)
    if job is None:
        return
    wire.send(connection, {"accepted": os.getpid()})

    def gone() -> bool:
        readable, _, _ = select.select([connection], [], [], 0)
        return bool(readable)

    with scratch() as place:
        child = ForkedChild(job, place)
        outcome = watch(child, child.reader, place, job, child.nonce, gone)
    with contextlib.suppress(OSError):
        wire.send(connection, outcome)


class Zygote:
    """The loop that turns each socket it is handed into a supervisor."""

    def __init__(self, control: socket.socket, idle: float) -> None:
        self._control = control
        self._idle = idle
        self._supervisors: set[int] = set()
        self._killed: set[int] = set()

    def serve(self) -> None:
        """Run until the caller is gone, or nothing was asked for `idle` seconds."""
        procs.become_subreaper()
        quiet_since = time.monotonic()
        while True:
            wait = 0.1 if self._supervisors or self._killed else self._idle
            readable, _, _ = select.select([self._control], [], [], wait)
            if readable:
                if not self._accept():
                    return
                quiet_since = time.monotonic()
            self._reap()
            if self._supervisors:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since >= self._idle:
                return

    def _accept(self) -> bool:
        """Fork a supervisor for the next request; False when the caller is gone."""
        try:
            _, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        except OSError:
            return False
        if not descriptors:
            return False
        pid = os.fork()
        if pid == 0:
            self._control.close()
            try:
                supervise(socket.socket(fileno=descriptors[0]))
            finally:
                os._exit(0)
        os.close(descriptors[0])
        self._supervisors.add(pid)
        return True

    def _reap(self) -> None:
        """Collect ended supervisors, and end what a killed one has left behind."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0] > 0:
                if ended[0] in self._supervisors and os.WIFSIGNALED(ended[1]):
                    self._killed.add(ended[0])
                self._supervisors.discard(ended[0])
        strays = set(procs.children(os.getpid())) - self._supervisors
        for stray in strays:
            with contextlib.suppress(OSError):
                os.kill(stray, signal.SIGKILL)
        if not strays:
            while self._killed:
                remove_scratch_of(self._killed.pop())


def run_once(modules: list[str]) -> NoReturn:
    """Run the job that stands on standard input, in this process.

    The job comes first, with its length in front; the nonce stays in the pipe until
    the worker wants it. Standard output is the worker's channel.
    """
    size = int.from_bytes(_read_exactly(0, 8), "big")
    job = json.loads(_read_exactly(0, size))
    channel, token = os.dup(1), os.dup(0)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    place = Place(Path(job["place"]))
    hello = preload(modules)
    part = place.base / "ready.part"
    part.write_text(json.dumps(hello), encoding="utf-8")
    part.rename(place.base / "ready")
    if "error" in hello:
        sys.exit(1)
    worker.run(job, place, channel, token)


def _read_exactly(descriptor: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = os.read(descriptor, size - len(data))
        if not part:
            sys.exit(1)
        data += part
    return data


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the process."""
    parser = argparse.ArgumentParser(prog="selfcheck.zygote")
    parser.add_argument("--control", type=int)
    parser.add_argument("--preload", default="")
    parser.add_argument("--idle", type=float, default=900.0)
    parser.add_argument("--once", action="store_true")
    options = parser.parse_args(arguments)
    modules = [name for name in options.preload.split(",") if name]
    if options.once:
        run_once(modules)
    control = socket.socket(fileno=options.control)
    hello = preload(modules)
    wire.send(control, {**hello, "threads": threads()})
    if "error" not in hello:
        make_ready(modules)
        Zygote(control, options.idle).serve()


if __name__ == "__main__":
    main()
