"""What the book's server answers: the built pages, and the grader."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import (
    APIHandler,
    AuthenticatedFileHandler,
    JupyterHandler,
)
from jupyter_server.utils import url_path_join
from tornado import web

from selfcheck import sandbox
from selfcheck.config import Config, ConfigError
from selfcheck.csp import policy
from selfcheck.grade import GradeError, GradeRecord, grade, run_example
from selfcheck.problems import PoolError

_LARGEST_REQUEST = 512 * 1024
_MOST_WAITING = 8
_HASHED = re.compile(r"^[0-9a-f]{8,}$")
_ERRORS = {
    403: "This address is not one of the book's.",
    404: "The book has no such page.",
}
_executor = ThreadPoolExecutor(max_workers=4, thread_name_prefix="grade")


class BookHandler(AuthenticatedFileHandler):
    """A file of the built book, for a browser that has shown the token once."""

    @property
    def content_security_policy(self) -> str:
        """The book's own policy; a page that cannot be read gets the strictest."""
        path = getattr(self, "absolute_path", None)
        return policy(Path(path) if path else None, self.request.host)

    @web.authenticated
    @authorized
    async def get(self, path: str, include_body: bool = True) -> None:
        """Send a file, or the address without the token to go to."""
        if "\0" in path:
            raise web.HTTPError(404)
        # Reading it sets the cookie that the page's own requests repeat.
        _ = self.xsrf_token
        if self.get_query_argument("token", None) is not None:
            self._leave_token()
            return
        await web.StaticFileHandler.get(self, path, include_body)

    @web.authenticated
    @authorized
    async def head(self, path: str) -> None:
        """Send the headers of a file."""
        await self.get(path, include_body=False)

    def _leave_token(self) -> None:
        """Redirect to the same page: no token in the history, nor in a referrer."""
        query = [pair for pair in parse_qsl(self.request.query) if pair[0] != "token"]
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        target = self.request.path + (f"?{urlencode(query)}" if query else "")
        # One slash in front: two would name another host.
        self.redirect("/" + target.lstrip("/\\"))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A page of a few words: Jupyter's own would hold the token."""
        start = html.escape(url_path_join(self.base_url, "book/"), quote=True)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            "<title>Not here</title>"
            f"<p>{_ERRORS.get(status_code, 'This page cannot be shown.')} "
            f'(status {status_code}) <a href="{start}">To the first page</a></p>'
        )

    def set_extra_headers(self, _: str) -> None:
        """Add the policy, which depends on the page, and how long to keep the file."""
        self.set_header("Content-Security-Policy", self.content_security_policy)
        self.set_header("Referrer-Policy", "same-origin")

    def set_headers(self) -> None:
        """Set the headers; a file named by its content's hash never changes."""
        web.StaticFileHandler.set_headers(self)
        if _HASHED.match(self.get_query_argument("v", "")):
            lifetime = "private, max-age=31536000, immutable"
        else:
            lifetime = "private, no-cache"
        self.set_header("Cache-Control", lifetime)
        self.clear_header("Expires")

    def get_content_type(self) -> str:
        """The type by the file's name; Sphinx writes every text in UTF-8."""
        kind = super().get_content_type()
        textual = kind.startswith("text/") or kind == "application/javascript"
        return f"{kind}; charset=utf-8" if textual and "charset" not in kind else kind

    def compute_etag(self) -> str | None:
        """Size and time of the file: tornado's own hash is not renewed by a build."""
        if not getattr(self, "absolute_path", None):
            return None
        status = Path(self.absolute_path).stat()
        return f'"{status.st_mtime_ns:x}-{status.st_size:x}"'


class BookRootHandler(JupyterHandler):
    """`book` without the slash, and the server's root where the book is all it has."""

    @web.authenticated
    def get(self) -> None:
        """Go to the book's first page."""
        self.redirect(url_path_join(self.base_url, "book/"))


class PingHandler(APIHandler):
    """Whether there is a grader here, and with which versions."""

    auth_resource = "kernels"

    @web.authenticated
    @authorized
    def get(self) -> None:
        """Answer at once: nothing is started for it."""
        versions = dict(sandbox.client().versions)
        self.finish(
            {"schema": 1, "grader": True, "kernels": True, "versions": versions}
        )


class GradeHandler(APIHandler):
    """Grade a submission, or run the visible example with it."""

    auth_resource = "kernels"
    waiting = 0

    def initialize(
        self, judge: Callable[..., GradeRecord], config: Callable[[], Config]
    ) -> None:
        """Take what is to be done with a submission, and where the pools are."""
        self.judge = judge
        self.config_of_book = config

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Answer with a GradeRecord, or with a status and a `message`."""
        if len(self.request.body) > _LARGEST_REQUEST:
            self._refuse(413, f"expected at most {_LARGEST_REQUEST // 1024} KiB")
            return
        request = _read(self.request.body)
        if request is None:
            form = '{"item": "<pool>/<item>", "source": "..."}'
            self._refuse(400, f"expected JSON like {form}")
            return
        if GradeHandler.waiting >= _MOST_WAITING:
            text = f"{_MOST_WAITING} programs are being run already. Wait for them."
            self._refuse(503, text)
            return
        GradeHandler.waiting += 1
        try:
            record = await asyncio.get_running_loop().run_in_executor(
                _executor, self._judge, *request
            )
        except (GradeError, ConfigError) as error:
            self._refuse(404, str(error))
        except (sandbox.SandboxError, PoolError) as error:
            self._refuse(500, str(error))
        else:
            self.finish(record.data())
        finally:
            GradeHandler.waiting -= 1

    def _judge(self, item: str, source: str) -> GradeRecord:
        return self.judge(item, source, config=self.config_of_book())

    def _refuse(self, status: int, message: str) -> None:
        self.set_status(status)
        self.finish({"message": message})


def _read(body: bytes) -> tuple[str, str] | None:
    """Item and source of a request; None when it is of another form."""
    try:
        fields: Any = json.loads(body)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    item, source = fields.get("item"), fields.get("source")
    if not (isinstance(item, str) and isinstance(source, str)):
        return None
    return item, source


def handlers(
    site: Path, config: Callable[[], Config], *, alone: bool
) -> list[tuple[Any, ...]]:
    """The routes, relative to the server's base URL.

    Args:
        site: folder of the built book.
        config: gives the configuration of the pools.
        alone: whether the server has nothing else, so that its root is the book's.
    """
    grading, running = ({"judge": f, "config": config} for f in (grade, run_example))
    files = {"path": str(site), "default_filename": "index.html"}
    return [
        *([(r"/", BookRootHandler)] if alone else []),
        (r"/book", BookRootHandler),
        (r"/book/(.*)", BookHandler, files),
        (r"/selfcheck/api/ping", PingHandler),
        (r"/selfcheck/api/grade", GradeHandler, grading),
        (r"/selfcheck/api/run", GradeHandler, running),
    ]
