"""Stand-ins for what a test cannot or need not have: a grader, a BinderHub."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RECORD: dict[str, Any] = {
    "schema": 1,
    "checks": [],
    "message": "",
    "section": None,
    "stdout": "",
    "seconds": 0.25,
    "versions": {"tensorflow": "0.0-fake"},
}


def judge(action: str, request: dict[str, str]) -> dict[str, Any]:
    """Answer as a grader would, by words that stand in the program."""
    record = {**RECORD, "item": request["item"], "verdict": "right"}
    source = request["source"]
    if action == "run":
        return {**record, "stdout": "42\n"}
    if "x + x" in source:
        return {**record, "checks": [{"name": "doubles", "ok": True, "message": ""}]}
    if "refuse" in source:
        return {**record, "verdict": "refused", "message": "Too long a program."}
    if "old" in source:
        return {**record, "schema": 0}
    return {
        **record,
        "verdict": "wrong",
        "message": "expected 4 for x = 2, got 5",
        "section": "toy-count",
        "checks": [
            {"name": "exists", "ok": True, "message": ""},
            {"name": "doubles", "ok": False, "message": "expected 4, got 5"},
        ],
    }


class Handler(SimpleHTTPRequestHandler):
    """A site under /book/, a grader under /selfcheck/api/, a hub under /build/."""

    token = secrets.token_hex(8)

    def __init__(self, *args: Any, state: State, **kwargs: Any) -> None:
        self.state = state
        super().__init__(*args, **kwargs)

    def log_message(self, *args: Any) -> None:
        """Be quiet."""

    def translate_path(self, path: str) -> str:
        """Map /book/… to the site's folder."""
        return super().translate_path(path.removeprefix("/book"))

    def end_headers(self) -> None:
        """Send the cookie that a POST has to repeat."""
        self.send_header("Set-Cookie", f"_xsrf={self.token}; Path=/")
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def do_GET(self) -> None:
        """Answer the ping, the hub's event stream, or a file."""
        if self.path.startswith("/build/"):
            self.stream(self.state.hub)
        elif self.path == "/selfcheck/api/ping":
            self.state.pings += 1
            found = {"schema": 1, "grader": True, "kernels": True, "versions": {}}
            self.json(self.state.status, found)
        else:
            super().do_GET()

    def do_POST(self) -> None:
        """Grade or run, for a request that repeats the cookie."""
        size = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(size))
        if self.headers.get("X-XSRFToken") != self.token:
            self.json(403, {"message": "no"})
        else:
            self.state.posts.append(body)
            self.json(200, judge(self.path.rsplit("/", 1)[1], body))

    def json(self, status: int, value: Any) -> None:
        """Send a JSON answer."""
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def stream(self, events: Callable[[], list[dict[str, str]]]) -> None:
        """Send a BinderHub's progress."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for event in events():
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())


class State:
    """What a test sets and reads of a running stand-in."""

    def __init__(self) -> None:
        self.status = 200
        self.pings = 0
        self.posts: list[dict[str, str]] = []
        self.hub: Callable[[], list[dict[str, str]]] = lambda: []
        self.address = ""


@contextmanager
def serving(folder: Path):
    """Serve a folder under /book/ on a free port; yield the `State`."""
    state = State()
    handler = partial(Handler, state=state, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
