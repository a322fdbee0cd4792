"""The book's server: built pages, kernels, and the grader on one origin.

`python -m selfcheck.server --site _build/html --pools book/quizzes` serves a clone on
127.0.0.1. As an extension of a running Jupyter server (`selfcheck.server` in its
`jpserver_extensions`) the same routes stand under that server's base URL.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from tornado import web
from traitlets import Bool, Unicode
from traitlets.config import Config as Settings

from selfcheck import sandbox
from selfcheck.config import Config, ConfigError, find, read
from selfcheck.handlers import handlers
from selfcheck.settings import is_small

ADDRESS = "127.0.0.1"
IDLE_KERNEL_SECONDS = 1200
# ipykernel would copy TensorFlow's C++ log into the cells, and its own warnings into
# the terminal.
KERNEL_CONFIG = """\
c = get_config()
c.IPKernelApp.capture_fd_output = False
c.IPKernelApp.log_level = "ERROR"
"""
KERNEL_ENV = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}


class BookServer(ExtensionApp):
    """A Jupyter server extension that hands out the book and grades its questions."""

    name = "selfcheck_server"
    extension_url = "/book/"
    load_other_extensions = False

    site = Unicode(help="Folder of the built HTML.").tag(config=True)
    pools = Unicode(help="Folder of the quiz pools.").tag(config=True)
    alone = Bool(False, help="Whether the server is there for this book.").tag(
        config=True
    )

    _stopping = False

    @classmethod
    def get_extension_package(cls) -> str:
        """This module: the package around it need not know of servers."""
        return "selfcheck.server"

    def book(self) -> Config:
        """The configuration of the pools.

        Raises:
            ConfigError: there are none.
        """
        return read(self.pools) if self.pools else find(self.serverapp.root_dir)

    def initialize_settings(self) -> None:
        """Compress what is sent, and let no forgotten kernel stay for ever."""
        transforms = self.serverapp.web_app.transforms
        if web.GZipContentEncoding not in transforms:
            transforms.append(web.GZipContentEncoding)
        manager = self.serverapp.kernel_manager
        if not manager.cull_idle_timeout:
            manager.cull_idle_timeout = IDLE_KERNEL_SECONDS

    def initialize_handlers(self) -> None:
        """Add the routes; a site that is not built yet answers 404."""
        site = Path(self.site or os.environ.get("SELFCHECK_SITE", "_build/html"))
        self.handlers += handlers(site.resolve(), self.book, alone=self.alone)
        # Memory is short on a small machine: there the first submission starts it.
        if self.alone and not is_small():
            threading.Thread(target=self._warm_up, daemon=True).start()

    def _warm_up(self) -> None:
        try:
            sandbox.configure(self.book())
            sandbox.warm_up()
        except (ConfigError, sandbox.SandboxError) as error:
            # The page that asks for a grading is told again.
            if not self._stopping:
                self.log.error("%s", error)

    async def stop_extension(self) -> None:
        """End the grader with the server."""
        self._stopping = True
        sandbox.shut_down()


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "selfcheck.server", "app": BookServer}]


def problem(site: Path, pools: Path, port: int) -> str | None:
    """What keeps the server from starting, with what to do about it."""
    if not (site / "index.html").is_file():
        return f"Expected the built book in {site}, found none: build it first."
    if not pools.is_dir():
        return f"Expected the quiz pools in {pools}, found no such folder."
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            return (
                f"Port {port} cannot be used ({error.strerror}): another server may "
                "be running, perhaps this book's. Stop it, or take another port: "
                f"--port {port + 1}, make serve PORT={port + 1} (0 is any free one)."
            )
    return None


def prepare_environment(folder: Path) -> None:
    """Make this process, and the kernels it starts, independent of the user's setup.

    A configured password or token would replace the generated one, and IPython's
    configuration would follow the reader into the cells. Nothing is written outside
    of `folder`.
    """
    profile = folder / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    os.environ["JUPYTER_NO_CONFIG"] = "1"
    for name in ("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE"):
        os.environ.pop(name, None)
    for name, value in KERNEL_ENV.items():
        os.environ.setdefault(name, value)


def settings(site: Path, pools: Path, port: int, *, open_browser: bool) -> Settings:
    """The configuration of a server for one reader on one machine."""
    config = Settings()
    config.BookServer.site = str(site)
    config.BookServer.pools = str(pools)
    config.BookServer.alone = True
    config.ServerApp.update(
        ip=ADDRESS,
        port=port,
        port_retries=0,
        root_dir=str(pools.parent),
        extra_template_paths=[str(Path(__file__).with_name("templates"))],
        open_browser=open_browser,
        allow_remote_access=False,
        allow_unauthenticated_access=False,
        # Bound to this machine alone; in a container root is the only user.
        allow_root=True,
        terminals_enabled=False,
        answer_yes=True,
        log_level=logging.ERROR,
    )
    config.MappingKernelManager.update(
        cull_idle_timeout=IDLE_KERNEL_SECONDS, cull_interval=60
    )
    return config


class _OneAddress(logging.Filter):
    """Keeps Jupyter from printing its own list of addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the records that hold the token or announce the end."""
        text = record.getMessage()
        return "?token=" not in text and "hutting down" not in text


def serve(site: Path, pools: Path, port: int, *, open_browser: bool) -> None:
    """Serve until interrupted."""
    config = settings(site, pools, port, open_browser=open_browser)
    server = BookServer.initialize_server(argv=[], config=config)
    # A file with the token in it, which only a browser that is opened needs. Jupyter
    # takes this from no configuration.
    server.no_browser_open_file = not open_browser
    server.log.addFilter(_OneAddress())

    def announce() -> None:
        token = server.identity_provider.token
        print(
            "The book is served at\n\n"
            f"    http://{ADDRESS}:{server.port}/book/?token={token}\n\n"
            "Open this address once; the browser is remembered. Stop with Ctrl-C.",
            flush=True,
        )

    server.io_loop.add_callback(announce)
    server.start()


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="selfcheck.server", description=__doc__)
    parser.add_argument("--site", type=Path, default=Path("_build/html"))
    parser.add_argument("--pools", type=Path, default=Path("book/quizzes"))
    parser.add_argument("--port", type=int, default=8888, help="0 takes a free one")
    parser.add_argument("--open", action="store_true", help="open a browser")
    options = parser.parse_args(arguments)
    site, pools = options.site.resolve(), options.pools.resolve()
    trouble = problem(site, pools, options.port)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="selfcheck-server-") as folder:
        prepare_environment(Path(folder))
        # Kernels start where the chapters were executed.
        os.chdir(pools.parent)
        serve(site, pools, options.port, open_browser=options.open)
    return 0


if __name__ == "__main__":
    # Once more under its real name, which the extension is looked up by.
    from selfcheck.server import main as main_by_name

    sys.exit(main_by_name())
