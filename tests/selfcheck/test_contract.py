"""One grader behind every way to it: the same submission, the same record."""

import base64
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from jupyter_client.manager import start_new_kernel

from selfcheck import cli, config, sandbox
from selfcheck.grade import grade, run_example

DATA = Path(__file__).parent / "data"
MIME = "application/vnd.selfcheck.grade.v1+json"
SORT = "def sort_lines(text):\n    return sorted(text.splitlines())\n"
# A copy of `sort-lines` that has less time and memory, for those who take all of it.
HURRY = """\
  - id: hurry
    type: code
    objective: lines
    level: apply
    prompt: Write `sort_lines(text)`, which returns the lines of `text` in order.
    timeout: 1.5
    memory: 256
    why: "`sorted` returns a list."
"""


@dataclass(frozen=True)
class Submission:
    """A program, and what must be said about it whichever way it comes."""

    source: str
    verdict: str
    said: str = ""
    item: str = "demo/sort-lines"


SUBMISSIONS = {
    "right": Submission(SORT, "right"),
    "right with tensors": Submission(
        "import tensorflow as tf\n\n@tf.function\ndef double(x):\n    return x + x\n",
        "right",
        item="demo/double",
    ),
    "wrong": Submission(
        "def sort_lines(text):\n    return text.splitlines()\n",
        "wrong",
        "expected ['a', 'b', 'c'], got ['b', 'a', 'c']",
    ),
    "syntax error": Submission(
        "def sort_lines(text)\n    return []\n", "error", "not valid Python in line 1"
    ),
    "endless": Submission(
        "n = 0\nwhile True: n += 1\n",
        "timeout",
        "Still running after 1.5 s in line 2 (`while True: n += 1`)",
        item="demo/hurry",
    ),
    "crash": Submission("import ctypes\nctypes.string_at(0)\n", "crashed", "SIGSEGV"),
    "memory": Submission(
        f"data = bytearray(2**31)\n{SORT}",
        "memory",
        "more memory than it may use (256 MiB",
        item="demo/hurry",
    ),
    "sys.exit": Submission(
        "import sys\nsys.exit(0)\n", "error", "before the checks could run"
    ),
    "prints a lot": Submission(f"print('spam\\n' * 50_000)\n{SORT}", "right"),
    "patches checks": Submission(
        "import selfcheck.checks as checks\nimport numpy as np\n"
        "checks.equal = np.array_equal = lambda *a, **k: True\n"
        "def sort_lines(text): return text\n",
        "refused",
        "replaces `numpy.array_equal`",
    ),
    "missing name": Submission(
        "def sort_line(text):\n    return []\n",
        "wrong",
        "Is `sort_line` meant to be `sort_lines`?",
    ),
    "odd whitespace": Submission(
        "\ufeffdef sort_lines(text):\r\n\tnote = 'zwölf\u2028 \x0c'\r\n"
        "\treturn sorted(text.splitlines())\x0c\r\n \t\r\nprint('a\\tb\\x0c')",
        "right",
    ),
    "not UTF-8": Submission(
        "title = 'Gr\udcfc\udcdfe'\n" + SORT, "error", "not text in UTF-8"
    ),
    "fork": Submission(
        f"import os\nos.fork()\n{SORT}", "error", "os.fork is not allowed here"
    ),
    "prints what no terminal can": Submission(
        "print('\\x1b[31m \\x00 \\ud800 <b> \"')\nraise KeyError('\\x00')",
        "error",
        "KeyError",
    ),
    "error in the graph": Submission(
        "import tensorflow as tf\n\n@tf.function\ndef double(x):\n"
        "    return tf.reshape(x, [7])\n",
        "wrong",
        "in line 5: return tf.reshape(x, [7])",
        item="demo/double",
    ),
    "error when the graph runs": Submission(
        "import tensorflow as tf\n\n@tf.function\ndef double(x):\n"
        "    n = tf.cast(0.0 * tf.reduce_sum(x), tf.int32)\n"
        "    return tf.reshape(x, [7 + n, 1])\n",
        "wrong",
        "in line 6: return tf.reshape(x, [7 + n, 1])",
        item="demo/double",
    ),
}
# A notebook is JSON in UTF-8: no stray byte comes in a cell.
NOT_IN_A_CELL = {"not UTF-8"}

Record = dict[str, Any]
Ask = Callable[[str, str], Record]


@pytest.fixture(scope="module")
def pools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's pools, with an item for the slow and the greedy."""
    folder = tmp_path_factory.mktemp("contract") / "quizzes"
    shutil.copytree(DATA, folder)
    shutil.copytree(folder / "demo" / "sort-lines", folder / "demo" / "hurry")
    with (folder / "demo" / "pool.yaml").open("a", encoding="utf-8") as pool:
        pool.write(HURRY)
    return folder


@pytest.fixture(scope="module")
def python(pools: Path) -> Callable[..., Record]:
    """Ask `selfcheck.grade`, each submission once."""
    known: dict[tuple[str, str], Record] = {}
    book = config.read(pools)

    def ask(item: str, source: str) -> Record:
        if (item, source) not in known:
            known[item, source] = grade(item, source, config=book).data()
        return known[item, source]

    return ask


@pytest.fixture(scope="module")
def server(pools: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask a running server, as a page of the book does."""
    site = tmp_path_factory.mktemp("site")
    (site / "index.html").write_text("<!doctype html><title>book</title>")
    command = [sys.executable, "-m", "selfcheck.server", "--port", "0"]
    command += ["--site", str(site), "--pools", str(pools)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        yield _page(process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _page(process: subprocess.Popen[str]) -> Ask:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"(http://\S+/)book/\?token=\w+", line):
            break
    else:
        pytest.fail("the server did not start")
    browser = requests.Session()
    browser.get(found[0], timeout=60).raise_for_status()

    def ask(item: str, source: str, action: str = "grade") -> Record:
        answer = browser.post(
            f"{found[1]}selfcheck/api/{action}",
            data=json.dumps({"item": item, "source": source}),
            headers={"X-XSRFToken": browser.cookies["_xsrf"]},
            timeout=120,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


class Kernel:
    """A Jupyter kernel, and what its cells put out."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, code: str) -> list[Record]:
        """The MIME bundles that a cell shows; fails when the cell does."""
        shown: list[Record] = []

        def keep(message: Record) -> None:
            if message["msg_type"] in ("display_data", "execute_result"):
                shown.append(message["content"]["data"])

        reply = self._client.execute_interactive(
            code, store_history=False, output_hook=keep, timeout=180
        )
        assert reply["content"]["status"] == "ok", reply["content"]
        return shown

    def message(self, item: str, source: str, action: str = "grade") -> Record:
        """The record as a page gets it from a kernel."""
        request = {"item": item, "source": source, "action": action}
        text = base64.b64encode(json.dumps(request).encode()).decode()
        (bundle,) = self.run(f"grade_message({text!r})")
        return bundle[MIME]

    def magic(self, item: str, source: str) -> Record:
        """The record of a cell that begins with %%grade."""
        (bundle,) = self.run(f"%%grade {item}\n{source}")
        return bundle[MIME]


@pytest.fixture(scope="module")
def kernel(pools: Path) -> Iterator[Kernel]:
    """A real kernel in which the book's notebook functions are at hand."""
    env = os.environ | {"SELFCHECK_POOLS": str(pools)}
    manager, client = start_new_kernel(kernel_name="python3", env=env)
    try:
        kernel = Kernel(client)
        kernel.run("from selfcheck.kernel import grade_message")
        kernel.run("from selfcheck import quiz\nshown = quiz('demo')")
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def command(pools: Path, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Ask the command line about a file, in this process."""
    program = tmp_path_factory.mktemp("command") / "program.py"

    def ask(item: str, source: str) -> Record:
        program.write_bytes(source.encode("utf-8", "surrogateescape"))
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            arguments = ["--pools", str(pools), "grade", item, str(program), "--json"]
            status = cli.main(arguments)
        record = json.loads(out.getvalue())
        assert status == (0 if record["verdict"] == "right" else 1)
        return record

    return ask


def plain(record: Record) -> Record:
    """A record without what no two runs have in common."""
    assert record["seconds"] >= 0
    return {key: value for key, value in record.items() if key != "seconds"}


@pytest.fixture(params=SUBMISSIONS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_python_says_what_is_right_and_what_happened(python, name: str):
    wanted = SUBMISSIONS[name]
    record = python(wanted.item, wanted.source)
    assert record["verdict"] == wanted.verdict, record
    assert wanted.said in record["message"]
    assert record["item"] == wanted.item and record["schema"] == 1


@pytest.fixture
def same(python, name: str) -> Callable[[Ask], None]:
    """Compare a way of asking with Python's."""

    def compare(ask: Ask) -> None:
        wanted = SUBMISSIONS[name]
        record = ask(wanted.item, wanted.source)
        assert plain(record) == plain(python(wanted.item, wanted.source))

    return compare


def test_page_gets_the_same_from_the_server(same, server):
    same(server)


def test_page_gets_the_same_from_a_kernel(same, kernel: Kernel):
    same(kernel.message)


def test_notebook_gets_the_same_from_its_magic(same, kernel: Kernel, name: str):
    if name in NOT_IN_A_CELL:
        pytest.skip("a cell is text in UTF-8")
    same(kernel.magic)


def test_command_line_prints_the_same(same, command):
    same(command)


def test_shell_gets_the_same_from_a_pipe(pools: Path, python):
    wanted = SUBMISSIONS["not UTF-8"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "selfcheck.cli", "--pools", str(pools)),
            *("grade", wanted.item, "-", "--json"),
        ],
        input=wanted.source.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    record = json.loads(done.stdout.decode("utf-8"))
    assert plain(record) == plain(python(wanted.item, wanted.source))


def test_examples_are_the_same_everywhere(pools: Path, server, kernel: Kernel, capsys):
    source = "\ufeffimport tensorflow as tf\r\ndef double(x):\r\n    return x * 2.0\r\n"
    record = run_example("demo/double", source, config=config.read(pools)).data()
    assert record["verdict"] == "right" and "[2. 4.]" in record["stdout"]
    assert plain(server("demo/double", source, "run")) == plain(record)
    assert plain(kernel.message("demo/double", source, "run")) == plain(record)
    program = pools / "example_program.py"
    program.write_bytes(source.encode())
    arguments = ["grade", "demo/double", str(program), "--json", "--example"]
    assert cli.main(["--pools", str(pools), *arguments]) == 0
    assert plain(json.loads(capsys.readouterr().out)) == plain(record)


@pytest.fixture(scope="module")
def unforked(pools: Path, python) -> Iterator[dict[str, Record]]:
    """All records of processes that are started afresh, two at a time."""
    for wanted in SUBMISSIONS.values():
        python(wanted.item, wanted.source)
    book = config.read(pools)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFCHECK_NO_FORK", "1")
        patch.setattr(sandbox, "_client", None)

        def ask(name: str) -> Record:
            wanted = SUBMISSIONS[name]
            return grade(wanted.item, wanted.source, config=book).data()

        with ThreadPoolExecutor(2) as threads:
            yield dict(zip(SUBMISSIONS, threads.map(ask, SUBMISSIONS), strict=True))
        assert sandbox.client().pid is None


def test_without_fork_the_record_is_the_same(unforked, python, name: str):
    wanted = SUBMISSIONS[name]
    assert plain(unforked[name]) == plain(python(wanted.item, wanted.source))
