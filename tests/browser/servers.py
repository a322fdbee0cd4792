"""Real server processes on free ports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)\S*?\?token=(\w+)")


@dataclass
class Server:
    """Where a server answers, and the token that lets a browser in."""

    address: str
    token: str
    process: subprocess.Popen[str]

    def enter(self, page_name: str) -> str:
        """The address to open a page with once; the browser is remembered."""
        return f"{self.address}/book/{page_name}?token={self.token}"

    def token_in(self, text: str) -> bool:
        """Whether a text gives the token away."""
        return self.token in text


@contextmanager
def book_server(site: Path, pools: Path) -> Iterator[Server]:
    """Run `selfcheck.server` until the block ends."""
    command = [sys.executable, "-m", "selfcheck.server", "--port", "0"]
    with _running([*command, "--site", str(site), "--pools", str(pools)]) as server:
        yield server


@contextmanager
def jupyter_server(root: Path, pools: Path, site: Path | None = None):
    """Run a plain Jupyter server that any page may use with its token, as Binder's.

    With `site` the book is an extension of it, under the base URL of a user.
    """
    command = [sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser"]
    options = {
        "ip": "127.0.0.1",
        "port": "0",
        "port_retries": "0",
        "root_dir": str(root),
        "allow_origin": "*",
    }
    env = {"SELFCHECK_POOLS": str(pools)}
    if site:
        options["base_url"] = "/user/reader-1/"
        options["jpserver_extensions"] = '{"selfcheck.server": True}'
        env["SELFCHECK_SITE"] = str(site)
    command += [f"--ServerApp.{name}={value}" for name, value in options.items()]
    with _running(command, **env) as server:
        server.address += options.get("base_url", "/").rstrip("/")
        yield server


@contextmanager
def _running(command: list[str], **env: str) -> Iterator[Server]:
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "JUPYTER_NO_CONFIG": "1", **env},
        )
        try:
            yield Server(*_wait(process, log), process)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[str], log: IO[str]) -> tuple[str, str]:
    """Wait for the address in the server's output."""
    for _ in range(600):
        log.seek(0)
        text = log.read()
        if match := _ADDRESS.search(text):
            return match[1], match[2]
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{text}")
        time.sleep(0.1)
    raise RuntimeError(f"expected an address within a minute; the server said:\n{text}")
