"""The book's server over HTTP: who may read, who may grade, what leaves no trace."""

import base64
import contextlib
import gzip
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import pytest
import requests
import websocket

from selfcheck import config, csp, server
from selfcheck.grade import grade

DATA = Path(__file__).parent / "data"
BINDER = Path(__file__).parents[2] / "binder"
# printf '%s' 'document.title = "inline";' | openssl dgst -sha256 -binary | base64
INLINE_HASH = "tnJBpyVfmdc0yBzZRDNDVdcmQrLEWNv1fGGeJJzQM9E="
RIGHT = "def double(x):\n    return x * 2.0\n"
PAGE = """<!doctype html>
<html><head><title>A page</title><script>document.title = "inline";</script>
<script src="../_static/page.js?v=0123abcd"></script>
<script type="application/json">{"not": "run"}</script></head>
<body><button onclick="toggle()">menu</button><p>über</p></body></html>
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site as small as a site can be."""
    folder = tmp_path_factory.mktemp("site") / "html"
    (folder / "book").mkdir(parents=True)
    (folder / "_static").mkdir()
    (folder / "index.html").write_text(PAGE.replace("../", ""), encoding="utf-8")
    (folder / "book" / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "_static" / "page.js").write_text("// script\n" * 500, encoding="utf-8")
    (folder / ".hidden").write_text("hidden", encoding="utf-8")
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    return folder


class Running:
    """A server process, with the addresses it has printed."""

    def __init__(self, command, pattern, env):
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=env,
        )
        self.output = ""
        for line in self.process.stdout:
            self.output += line
            if found := re.search(pattern, line):
                break
        else:
            pytest.fail(f"the server did not start:\n{self.output}")
        self.first = found[0]
        parts = urlsplit(self.first)
        self.token = parts.query.removeprefix("token=")
        self.host = parts.netloc
        self.base = f"{parts.scheme}://{parts.netloc}/"
        self._await_port(parts.hostname, parts.port)

    def _await_port(self, host, port):
        """Jupyter's own server prints its address before it listens."""
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex((host, port)) == 0:
                    return
            time.sleep(0.1)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.output += self.process.communicate(timeout=20)[0]


def environment(tmp_path):
    """Of a reader who has configured Jupyter and IPython in every wrong way."""
    home = tmp_path / "home"
    for folder, name, text in (
        (".jupyter", "jupyter_server_config.py", "c.IdentityProvider.token = 'mine'\n"),
        (".ipython/profile_default", "ipython_kernel_config.py", "1 / 0\n"),
    ):
        (home / folder).mkdir(parents=True)
        (home / folder / name).write_text(f"c = get_config()\n{text}")
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "JUPYTER"))}
    return keep | {"HOME": str(home), "JUPYTER_TOKEN": "mine", "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def running(site, tmp_path_factory):
    command = [sys.executable, "-m", "selfcheck.server", "--site", str(site)]
    command += ["--pools", str(DATA), "--port", "0"]
    env = environment(tmp_path_factory.mktemp("reader"))
    running = Running(command, r"http://127\.0\.0\.1:\d+/book/\?token=\w+", env)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def reader(running):
    """A browser that has opened the printed address."""
    browser = requests.Session()
    browser.get(running.first).raise_for_status()
    return browser


def raw(running, path, method="GET", **headers):
    """A request exactly as written: `requests` would tidy the path up."""
    connection = http.client.HTTPConnection(running.host, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, body


def cookies(browser):
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)


def post(browser, url, body, **headers):
    return browser.post(
        url, json=body, headers={"X-XSRFToken": browser.cookies["_xsrf"]} | headers
    )


def test_server_prints_one_address_and_nothing_else(running):
    assert running.output.count("http://") + running.first.count("http://") >= 1
    assert running.output.count("token=") == 1
    assert running.token != "mine"
    assert len(running.token) >= 32


def test_server_listens_on_this_machine_alone(running):
    port = int(running.host.split(":")[1])
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(running.process.pid).net_connections()
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
    ]
    assert listening == ["127.0.0.1"]


def test_first_visit_leads_to_the_address_without_the_token(running):
    browser = requests.Session()
    answer = browser.get(
        running.base + f"book/book/page.html?a=1&token={running.token}&b=2",
        allow_redirects=False,
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/book/book/page.html?a=1&b=2"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "_xsrf" in browser.cookies
    page = browser.get(running.base + "book/book/page.html")
    assert page.status_code == 200
    assert "über" in page.content.decode("utf-8")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


def test_redirect_from_a_token_stays_on_this_host(running):
    for path in ("//evil.example/", "/\\evil.example/"):
        answer = requests.get(
            f"{running.base}book/{path}?token={running.token}", allow_redirects=False
        )
        target = answer.headers.get("Location", "/")
        assert urlsplit(target).netloc == ""
        assert not target.startswith(("//", "/\\"))


@pytest.mark.parametrize("path", ["", "book/", "book", "book/_static/page.js"])
def test_without_the_token_a_page_is_a_login(running, path):
    answer = requests.get(running.base + path, allow_redirects=False)
    assert answer.status_code == 302
    where = requests.get(running.base + path)
    assert urlsplit(where.url).path == "/login"
    assert "// script" not in where.text


def test_wrong_token_is_a_login(running):
    answer = requests.get(running.base + "book/?token=" + "0" * 48)
    assert urlsplit(answer.url).path == "/login"


@pytest.mark.parametrize(
    "path",
    ["selfcheck/api/ping", "api/kernels", "api/contents", "api/kernelspecs"],
)
def test_without_the_token_the_interfaces_are_forbidden(running, path):
    answer = requests.get(running.base + path)
    assert answer.status_code == 403


def test_without_the_token_nothing_is_graded(running):
    body = {"item": "demo/double", "source": RIGHT}
    answer = requests.post(running.base + "selfcheck/api/grade", json=body)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["selfcheck/api/grade", "selfcheck/api/run"])
def test_post_without_xsrf_token_is_forbidden(running, reader, path):
    body = {"item": "demo/double", "source": RIGHT}
    answer = reader.post(running.base + path, json=body)
    assert answer.status_code == 403
    assert "_xsrf" in answer.json()["message"]


def test_starting_a_kernel_without_xsrf_token_is_forbidden(running, reader):
    assert reader.post(running.base + "api/kernels", json={}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/", "/book/", "/book/_static/page.js", "/selfcheck/api/ping", "/api/kernels"],
)
def test_foreign_host_is_forbidden_everywhere(running, reader, path):
    status, body = raw(running, path, Host="evil.example", Cookie=cookies(reader))
    assert status == 403
    assert "// script" not in body
    query = f"{path}?token={running.token}"
    assert raw(running, query, Host="evil.example:80")[0] == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_own_names_of_the_machine_are_allowed(running, reader, host):
    port = running.host.split(":")[1]
    path = f"/book/_static/page.js?token={running.token}"
    assert raw(running, path, Host=f"{host}:{port}")[0] == 302


def test_foreign_origin_is_turned_away_from_the_interfaces(running, reader):
    origin = {"Origin": "http://evil.example"}
    ping = reader.get(running.base + "selfcheck/api/ping", headers=origin)
    assert ping.status_code in (403, 404)
    assert "Access-Control-Allow-Origin" not in ping.headers
    body = {"item": "demo/double", "source": RIGHT}
    answer = post(reader, running.base + "selfcheck/api/grade", body, **origin)
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/book/../secret.txt",
        "/book/../../secret.txt",
        "/book/%2e%2e/secret.txt",
        "/book/%2e%2e%2fsecret.txt",
        "/book/book/..%2f..%2f..%2fsecret.txt",
        "/book//etc/passwd",
        "/book/%2fetc/passwd",
        "/book/..\\secret.txt",
        "/book/page.html%00.js",
        "/book/.hidden",
    ],
)
def test_path_outside_of_the_book_is_not_served(running, reader, path):
    status, body = raw(running, path, Cookie=cookies(reader))
    assert status in (400, 403, 404)
    assert "secret" not in body.replace("secret.txt", "")
    assert "root:" not in body


def test_link_that_leads_out_of_the_book_is_not_followed(running, reader, site):
    (site / "out.txt").symlink_to(site.parent / "secret.txt")
    answer = reader.get(running.base + "book/out.txt")
    (site / "out.txt").unlink()
    assert answer.status_code in (403, 404)


def test_no_answer_holds_the_token(running, reader):
    for path in (
        *("", "book/", "book/book/page.html", "book/no-such-page", "login", "logout"),
        *("api", "api/status", "api/me", "api/kernels", "api/kernelspecs"),
        *("selfcheck/api/ping", "api/sessions", "no-such-path"),
    ):
        answer = reader.get(running.base + path)
        everything = answer.text + str(answer.headers) + answer.url
        assert running.token not in everything, path
        if path == "logout":
            reader.get(running.first).raise_for_status()


def test_page_may_run_its_own_scripts_and_no_others(running, reader):
    answer = reader.get(running.base + "book/book/page.html")
    rules = dict(
        rule.split(" ", 1)
        for rule in answer.headers["Content-Security-Policy"].split("; ")
    )
    assert rules["default-src"] == "'self'"
    assert "'unsafe-inline'" not in rules["script-src"]
    assert "'unsafe-eval'" not in rules["script-src"]
    assert "'sha256-" + INLINE_HASH + "'" in rules["script-src"].split()
    assert "'unsafe-hashes'" in rules["script-src"]
    assert rules["frame-ancestors"] == "'self'"
    assert f"ws://{running.host}" in rules["connect-src"]


@pytest.mark.parametrize(
    ("page", "scripts", "handlers"),
    [
        ('<button onclick="toggle()">x</button>', 0, 1),
        ('<script type="application/json">{}</script>', 0, 0),
        ('<script src="a.js"></script>', 0, 0),
        ("<script>a < b && c</script><p>text</p><script type=module>d</script>", 2, 0),
    ],
)
def test_only_code_is_hashed(page, scripts, handlers):
    assert tuple(map(len, csp.inline_hashes(page))) == (scripts, handlers)


def test_search_page_may_hold_the_handlers_of_the_pages_it_finds(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "page.html").write_text(
        '<a onclick="one()">x</a><script>s</script>'
    )
    (tmp_path / "search.html").write_text("<script>search()</script>")
    scripts, handlers = csp.inline_hashes((tmp_path / "book" / "page.html").read_text())
    sources = csp.script_sources(tmp_path / "search.html").split()
    assert handlers <= set(sources)
    assert not scripts & set(sources)
    assert "'unsafe-hashes'" in sources


def test_policy_follows_a_page_that_was_built_anew(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<script>one()</script>")
    first = csp.policy(page, "127.0.0.1:1")
    page.write_text("<script>two()</script>")
    os.utime(page, ns=(1, 1))
    assert csp.policy(page, "127.0.0.1:1") != first


def test_text_is_compressed_and_cached_only_where_its_name_says_its_content(
    running, reader
):
    url = running.base + "book/_static/page.js"
    named = reader.get(url + "?v=0123abcd")
    assert named.headers["Content-Encoding"] == "gzip"
    assert int(named.raw.tell()) < 1000 < len(named.content)
    assert "immutable" in named.headers["Cache-Control"]
    plain = reader.get(url)
    assert plain.headers["Cache-Control"] == "private, no-cache"
    again = reader.get(url, headers={"If-None-Match": plain.headers["Etag"]})
    assert again.status_code == 304


def test_client_that_takes_no_gzip_gets_none(running, reader):
    status, body = raw(running, "/book/_static/page.js", Cookie=cookies(reader))
    assert status == 200
    assert body.startswith("// script")


def test_file_that_changed_is_sent_anew(running, reader, site):
    url = running.base + "book/changing.txt"
    (site / "changing.txt").write_text("one")
    first = reader.get(url)
    (site / "changing.txt").write_text("two")
    os.utime(site / "changing.txt", ns=(10**18, 10**18))
    second = reader.get(url, headers={"If-None-Match": first.headers["Etag"]})
    assert (first.text, second.status_code, second.text) == ("one", 200, "two")


def test_ping_says_what_there_is(running, reader):
    answer = reader.get(running.base + "selfcheck/api/ping").json()
    assert answer["schema"] == 1
    assert answer["grader"] is True
    assert answer["kernels"] is True


def test_submission_is_graded_and_the_example_run(running, reader):
    body = {"item": "demo/double", "source": "import tensorflow as tf\n" + RIGHT}
    record = post(reader, running.base + "selfcheck/api/grade", body).json()
    assert record["schema"] == 1
    assert record["verdict"] == "right"
    assert [check["ok"] for check in record["checks"]] == [True, True, True]
    assert record["versions"]["tensorflow"]
    shown = post(reader, running.base + "selfcheck/api/run", body).json()
    assert "[2. 4.]" in shown["stdout"]
    ping = reader.get(running.base + "selfcheck/api/ping").json()
    assert ping["versions"] == record["versions"]


def test_server_answers_while_it_grades(running, reader):
    url = running.base + "selfcheck/api/grade"
    slow = {"item": "demo/double", "source": "import time\ntime.sleep(3)\n" + RIGHT}
    with socket.create_connection(running.host.split(":")) as connection:
        text = json.dumps(slow)
        head = (
            f"POST {urlsplit(url).path} HTTP/1.1\r\nHost: {running.host}\r\n"
            f"Cookie: {cookies(reader)}\r\nX-XSRFToken: {reader.cookies['_xsrf']}\r\n"
            f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        )
        connection.sendall((head + text).encode())
        time.sleep(0.3)
        started = time.monotonic()
        assert reader.get(running.base + "selfcheck/api/ping").ok
        assert time.monotonic() - started < 2
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert b'"verdict": "right"' in _unzipped(answer)


def _unzipped(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    return gzip.decompress(body) if b"gzip" in head else body


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"item": "demo/none"}, 400, "expected JSON like"),
        ([1], 400, "expected JSON like"),
        ({"item": "demo/none", "source": ""}, 404, "expected an item of pool 'demo'"),
        ({"item": "none/none", "source": ""}, 404, "expected a pool at"),
        ({"item": "../demo/double", "source": ""}, 404, "<pool>/<item>"),
        ({"item": "demo/100%s", "source": ""}, 404, "'demo/100%s'"),
        ({"item": "demo/double", "source": "#" * 600_000}, 413, "at most 512 KiB"),
    ],
)
def test_request_that_cannot_be_graded_says_why(running, reader, body, status, said):
    answer = post(reader, running.base + "selfcheck/api/grade", body)
    assert answer.status_code == status
    assert said in answer.json()["message"]


def test_request_that_is_no_json_says_what_is_expected(running, reader):
    answer = reader.post(
        running.base + "selfcheck/api/grade",
        data=b"\xff{",
        headers={"X-XSRFToken": reader.cookies["_xsrf"]},
    )
    assert answer.status_code == 400


class Kernel:
    """A kernel of the server, spoken to over its websocket."""

    def __init__(self, browser, base, **headers):
        answer = post(browser, base + "api/kernels", {"name": "python3"})
        answer.raise_for_status()
        self.url = base + "api/kernels/" + answer.json()["id"]
        self.browser = browser
        self.socket = self.connect(cookies(browser), **headers)

    def connect(self, cookie, **options):
        url = self.url.replace("http", "ws", 1) + "/channels"
        return websocket.create_connection(url, cookie=cookie, timeout=60, **options)

    def run(self, code):
        """The messages that running `code` brings."""
        identity = uuid.uuid4().hex
        content = {"code": code, "silent": False, "store_history": False}
        content |= {"allow_stdin": False, "user_expressions": {}, "stop_on_error": True}
        header = {"msg_id": identity, "msg_type": "execute_request", "version": "5.3"}
        header |= {"username": "", "session": identity, "date": "2026-01-01T00:00:00Z"}
        message = {"header": header, "parent_header": {}, "metadata": {}}
        self.socket.send(json.dumps(message | {"content": content, "channel": "shell"}))
        found = []
        while True:
            message = json.loads(self.socket.recv())
            if message["parent_header"].get("msg_id") != identity:
                continue
            found.append(message)
            state = message["content"].get("execution_state")
            if message["msg_type"] == "status" and state == "idle":
                return found

    def text(self, code, stream="stdout"):
        """What running `code` prints."""
        return "".join(
            message["content"]["text"]
            for message in self.run(code)
            if message["msg_type"] == "stream" and message["content"]["name"] == stream
        )

    def close(self):
        self.socket.close()
        token = {"X-XSRFToken": self.browser.cookies["_xsrf"]}
        self.browser.delete(self.url, headers=token).raise_for_status()


@pytest.fixture(scope="module")
def kernel(running, reader):
    kernel = Kernel(reader, running.base)
    yield kernel
    kernel.close()


def test_kernel_runs_tensorflow_without_its_log_lines(kernel):
    code = "import tensorflow as tf\nprint(tf.reduce_sum(tf.range(5)).numpy())"
    assert kernel.text(code) == "10\n"
    assert kernel.text("tf.matmul(tf.ones([2, 2]), tf.ones([2, 2]))", "stderr") == ""
    assert (
        kernel.text("import sys\nprint('seen', file=sys.stderr)", "stderr") == "seen\n"
    )


def test_kernel_has_the_book_s_folder_and_settings(kernel, running):
    code = "import os\nprint(os.getcwd(), *map(os.environ.get, ({})), sep='\\n')"
    names = "'TF_CPP_MIN_LOG_LEVEL', 'TF_ENABLE_ONEDNN_OPTS', 'IPYTHONDIR'"
    folder, level, onednn, ipython = kernel.text(code.format(names)).splitlines()
    assert Path(folder) == DATA.parent
    assert (level, onednn) == ("3", "0")
    assert "home" not in ipython


def test_websocket_of_a_stranger_is_turned_away(kernel, reader):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        kernel.connect(None)
    assert refused.value.status_code == 403
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        kernel.connect(cookies(reader), origin="http://evil.example")
    assert refused.value.status_code == 403


def test_kernel_grades_as_the_interface_does(kernel):
    def ask(**request):
        payload = base64.b64encode(json.dumps(request).encode()).decode()
        code = f"from selfcheck.kernel import grade_message; grade_message({payload!r})"
        return kernel.run(
            f"import os; os.environ['SELFCHECK_POOLS'] = {str(DATA)!r}\n{code}"
        )

    messages = ask(item="demo/double", source=RIGHT, action="grade")
    records = [
        message["content"]["data"]["application/vnd.selfcheck.grade.v1+json"]
        for message in messages
        if message["msg_type"] == "display_data"
    ]
    assert [record["verdict"] for record in records] == ["right"]
    assert records[0]["schema"] == 1
    failed = [m for m in ask(item="demo/none", source="") if m["msg_type"] == "error"]
    assert "expected an item of pool 'demo'" in failed[0]["content"]["evalue"]
    failed = [m for m in ask(item="demo/double") if m["msg_type"] == "error"]
    assert '"source": "..."' in failed[0]["content"]["evalue"]


def test_server_kernel_and_grader_fit_into_a_small_session(running, reader, kernel):
    kernel.run("import tensorflow as tf\ntf.ones([2]) + 1")
    sizes = []
    stop = threading.Event()

    def measure():
        root = psutil.Process(running.process.pid)
        while not stop.is_set():
            total = 0
            for process in (root, *root.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_full_info().pss
            sizes.append(total)
            stop.wait(0.05)

    thread = threading.Thread(target=measure)
    thread.start()
    body = {"item": "demo/double", "source": "import tensorflow as tf\n" + RIGHT}
    record = post(reader, running.base + "selfcheck/api/grade", body).json()
    stop.set()
    thread.join()
    assert record["verdict"] == "right"
    # What a process shares with the one it was forked from counts once.
    assert 500e6 < max(sizes) < 1.6e9


@pytest.mark.parametrize(
    "source", [RIGHT, "def double(x) return x", "import sys\nsys.exit(0)", "1 / 0"]
)
def test_every_way_to_the_grader_gives_the_same_record(running, reader, kernel, source):
    request = {"item": "demo/double", "source": source}
    here = grade(**request, config=config.read(DATA)).data()
    there = post(reader, running.base + "selfcheck/api/grade", request).json()
    payload = base64.b64encode(json.dumps(request).encode()).decode()
    messages = kernel.run(
        f"import os; os.environ['SELFCHECK_POOLS'] = {str(DATA)!r}\n"
        f"from selfcheck.kernel import grade_message; grade_message({payload!r})"
    )
    (shown,) = [
        message["content"]["data"]["application/vnd.selfcheck.grade.v1+json"]
        for message in messages
        if message["msg_type"] == "display_data"
    ]
    assert here | {"seconds": 0} == there | {"seconds": 0} == shown | {"seconds": 0}


def test_forgotten_kernels_are_culled(site):
    kernels = server.settings(site, DATA, 0, open_browser=False).MappingKernelManager
    assert 0 < kernels.cull_idle_timeout <= 3600
    assert kernels.cull_interval <= 300


def refused(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "selfcheck.server", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_port_in_use_is_told_in_one_line_with_what_to_do(running, site):
    port = running.host.split(":")[1]
    said = refused("--site", site, "--pools", DATA, "--port", port)
    assert f"Port {port} cannot be used" in said
    assert f"make serve PORT={int(port) + 1}" in said


def test_missing_site_is_told_in_one_line_with_what_to_do(tmp_path):
    said = refused("--site", tmp_path, "--pools", DATA, "--port", 0)
    assert "build it first" in said


def test_missing_pools_are_told_in_one_line(site, tmp_path):
    said = refused("--site", site, "--pools", tmp_path / "none", "--port", 0)
    assert "expected the quiz pools" in said.lower()


def test_stopped_server_leaves_no_process_and_no_folder(site, tmp_path):
    command = [sys.executable, "-m", "selfcheck.server", "--site", str(site)]
    command += ["--pools", str(DATA), "--port", "0"]
    (tmp_path / "tmp").mkdir()
    env = environment(tmp_path) | {"TMPDIR": str(tmp_path / "tmp")}
    running = Running(command, r"http://127\.0\.0\.1:\d+/book/\?token=\w+", env)
    browser = requests.Session()
    browser.get(running.first)
    kernel = Kernel(browser, running.base)
    assert kernel.text("print(1)") == "1\n"
    below = psutil.Process(running.process.pid).children(recursive=True)
    assert len(below) >= 2
    running.stop()
    assert psutil.wait_procs(below, timeout=10)[1] == []
    assert "Traceback" not in running.output
    assert list((tmp_path / "tmp").glob("selfcheck*")) == []


@pytest.fixture(scope="module")
def hub(site, tmp_path_factory):
    """An ordinary Jupyter server under a base URL, configured as on Binder."""
    folder = tmp_path_factory.mktemp("binder")
    (folder / "repository" / "book").mkdir(parents=True)
    (folder / "repository" / "_build").mkdir()
    (folder / "repository" / "_build" / "html").symlink_to(site)
    (folder / "repository" / "book" / "quizzes").symlink_to(DATA)
    configure = [sys.executable, str(BINDER / "configure.py")]
    configure += ["--prefix", str(folder / "prefix")]
    configure += ["--repository", str(folder / "repository")]
    subprocess.run(configure, check=True, capture_output=True)
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"]
    command += ["--ServerApp.base_url=/user/reader/", "--ServerApp.port=0"]
    command += [f"--ServerApp.root_dir={folder / 'repository'}"]
    env = environment(folder)
    del env["JUPYTER_TOKEN"]
    env["JUPYTER_CONFIG_PATH"] = str(folder / "prefix" / "etc" / "jupyter")
    env["JUPYTER_CONFIG_DIR"] = str(folder / "no-config")
    pattern = r"http://127\.0\.0\.1:\d+/user/reader/\S*\?token=\w+"
    running = Running(command, pattern, env)
    running.base += "user/reader/"
    yield running
    running.stop()


def test_extension_serves_and_grades_under_a_base_url(hub):
    browser = requests.Session()
    page = browser.get(f"{hub.base}book/book/page.html?token={hub.token}")
    assert page.url == hub.base + "book/book/page.html"
    assert "über" in page.content.decode("utf-8")
    assert browser.get(hub.base + "book").url == hub.base + "book/"
    assert browser.get(hub.base + "selfcheck/api/ping").json()["grader"] is True
    body = {"item": "demo/sort-lines", "source": "def sort_lines(t): return []"}
    record = post(browser, hub.base + "selfcheck/api/grade", body).json()
    assert record["verdict"] == "wrong"
    assert requests.get(hub.base + "selfcheck/api/ping").status_code == 403


def test_site_that_is_not_built_is_not_found_but_grades(site, hub):
    moved = site.rename(site.with_name("moved"))
    try:
        browser = requests.Session()
        answer = browser.get(f"{hub.base}book/book/page.html?token={hub.token}")
        assert answer.status_code == 404
        assert browser.get(hub.base + "selfcheck/api/ping").ok
    finally:
        moved.rename(site)


def test_login_page_takes_the_token_too(running):
    browser = requests.Session()
    form = browser.get(running.base + "book/book/page.html")
    answer = browser.post(
        f"{running.base}login?next={quote('/book/book/page.html')}",
        data={"password": running.token, "_xsrf": browser.cookies["_xsrf"]},
        headers={"Referer": form.url},
    )
    assert answer.url == running.base + "book/book/page.html"
