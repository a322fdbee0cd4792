"""A fresh process per program: the way that needs no fork.

It costs the import of TensorFlow each time, and its limits are softer than the
zygote's: a grandchild that leaves the session between two looks is not seen.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from typing import Any

from selfcheck import procs
from selfcheck.settings import (
    START_SECONDS,
    SandboxConfig,
    SandboxError,
    could_not_start,
    environment,
)
from selfcheck.supervise import Reader, new_nonce, scratch, watch
from selfcheck.worker import Place


class FreshChild:
    """A worker in a new interpreter."""

    def __init__(self, config: SandboxConfig) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "selfcheck.zygote", "--once"),
                *("--preload", ",".join(config.preload)),
            ],
            env=environment(config),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.pid = self._process.pid
        assert self._process.stdout is not None
        self.reader = Reader(os.dup(self._process.stdout.fileno()))
        self._process.stdout.close()

    def hand_over(self, job: dict[str, Any], nonce: bytes) -> None:
        """Send the job, and the nonce behind it."""
        body = json.dumps(job).encode()
        pipe = self._process.stdin
        assert pipe is not None
        with contextlib.suppress(OSError), pipe:
            pipe.write(len(body).to_bytes(8, "big") + body + nonce)

    def await_ready(self, place: Place) -> dict[str, Any]:
        """Wait until the modules are imported; returns the worker's hello."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            ended = self.poll() is not None
            if (place.base / "ready").exists():
                return json.loads((place.base / "ready").read_text(encoding="utf-8"))
            if ended:
                return {"error": "it ended while starting"}
            time.sleep(0.02)
        return {"error": f"it was not ready after {START_SECONDS:.0f} s"}

    def poll(self) -> int | None:
        """Exit status, minus the signal, or None while the worker runs."""
        return self._process.poll()

    def end(self, seen: dict[int, str | None] | None = None) -> None:
        """Kill the worker and its processes."""
        if self._process.returncode is None or seen:
            procs.end_tree(self.pid, seen or {})
        self._process.wait()


def run_fresh(job: dict[str, Any], config: SandboxConfig) -> dict[str, Any]:
    """Run one job in a fresh process, the way that needs no fork.

    Raises:
        SandboxError: the process could not import what is configured.
    """
    nonce = new_nonce()
    with scratch() as place:
        child = FreshChild(config)
        try:
            child.hand_over({**job, "place": str(place.base)}, nonce)
            hello = child.await_ready(place)
            if "error" in hello:
                raise SandboxError(could_not_start(hello["error"]))
            outcome = watch(child, child.reader, place, job, nonce)
        finally:
            child.end()
    return {**outcome, "versions": hello["versions"]}
