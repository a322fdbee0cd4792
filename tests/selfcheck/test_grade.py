"""Grading: verdicts, messages, and submissions that would rather not be graded."""

import json
import shutil
import textwrap
from pathlib import Path

import pytest

from selfcheck import config, sandbox
from selfcheck.grade import GradeError, GradeRecord, grade, run_example

DATA = Path(__file__).parent / "data"
RIGHT = "\ndef double(x):\n    return x * 2.0\n"
WRONG = "\ndef double(x):\n    return x * 5.0\n"


@pytest.fixture(scope="module")
def book():
    return config.read(DATA)


@pytest.fixture
def judge(book):
    """Grade a submission to `demo/double`."""

    def run(source, item="demo/double", **options):
        return grade(item, textwrap.dedent(source), config=book, **options)

    return run


def submissions(kind):
    found = sorted(DATA.glob(f"demo/*/{kind}/*.py"))
    assert found
    return [
        pytest.param(path, id=f"{path.parents[1].name}-{path.stem}") for path in found
    ]


@pytest.mark.parametrize("path", submissions("right"))
def test_right_submission_is_right(path):
    record = grade(path.parents[1], path.read_text("utf-8"))
    assert record.verdict == "right", record.message
    assert record.checks and all(check.ok for check in record.checks)
    assert record.message == ""


@pytest.mark.parametrize("path", submissions("wrong"))
def test_wrong_submission_fails_at_the_check_it_names(path):
    source = path.read_text("utf-8")
    named = source.splitlines()[0].removeprefix("# fails: ")
    record = grade(path.parents[1], source)
    assert record.verdict == "wrong"
    first = next(check for check in record.checks if not check.ok)
    assert first.name == named
    assert record.message == first.message


def test_record_is_json_with_a_schema_and_versions(judge):
    record = judge(RIGHT)
    data = json.loads(json.dumps(record.data()))
    assert data["schema"] == 1
    assert data["item"] == "demo/double"
    assert data["versions"]["tensorflow"].startswith("2.")
    assert GradeRecord.model_validate(data) == record


def test_first_failing_check_speaks_and_names_its_section(judge):
    record = judge(WRONG)
    assert record.section == "demo-twice"
    for part in ("expected", "got", "on the input"):
        assert part in record.message


def test_hidden_inputs_differ_from_grading_to_grading_unless_seeded(judge):
    messages = {judge(WRONG).message for _ in range(3)}
    assert len(messages) == 3
    assert judge(WRONG, seed=7).message == judge(WRONG, seed=7).message


def test_hard_coded_answer_fails(judge):
    record = judge(WRONG, seed=7)
    shown = record.message.split("expected ")[1].split(", got")[0]
    assert judge(f"def double(x):\n    return {shown}").verdict == "wrong"


def test_output_of_the_submission_is_kept_without_log_lines(judge):
    record = judge(
        "import sys\n"
        "print('one')\n"
        "print('two', file=sys.stderr)\n"
        "print('I0000 00:00:1795219573.332125    8640 port.cc:153] a log line')\n"
        + RIGHT
    )
    assert record.verdict == "right"
    assert record.stdout == "one\ntwo\n"


def test_output_that_is_no_text_does_not_break_the_record(judge):
    record = judge(
        "import os\nos.write(1, b'\\xff\\n')\nprint('\\ud800')\n"
        "raise ValueError('\\udfff')"
    )
    assert record.verdict == "error"
    json.dumps(record.data(), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("source", "verdict", "said"),
    [
        ("def double(x) return x", "error", "not valid Python in line 1"),
        ("x = 1\nundefined_name", "error", "line 2 (`undefined_name`) with NameError"),
        ("import tenserflow", "error", "No module named 'tenserflow'"),
        ("", "wrong", "expected the program to define `double`"),
        ("def duoble(x): return x", "wrong", "Is `duoble` meant to be `double`?"),
        ("double = 3", "wrong", "'int' object is not callable"),
        ("def double(): return 1", "wrong", "takes 0 positional arguments"),
        ("def double(x): return 'two'", "wrong", "got 'two' of type str"),
        ("def double(x): return None", "wrong", "got None of type NoneType"),
        ("def double(x): return x.numpy() * 2", "wrong", "of type ndarray"),
        ("def double(x): return 1 / 0", "wrong", "your code raised ZeroDivisionError"),
        ("import sys\nsys.exit(0)", "error", "before the checks could run"),
        ("import os\nos._exit(0)", "error", "before the checks could run"),
        ("def double(x):\n    raise SystemExit", "wrong", "while it was being checked"),
        ("import os\ndef double(x): os._exit(0)", "error", 'check "doubles its input"'),
        ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
        ("input('?')", "error", "EOFError"),
        ("import ctypes\nctypes.string_at(0)", "crashed", "SIGSEGV"),
        ("import os\nos.abort()", "crashed", "SIGABRT"),
        ("import os\nos.kill(os.getpid(), 9)", "crashed", "SIGKILL"),
        ("data = bytearray(6 * 2**30)", "memory", "more memory than it may use"),
        (
            "import tensorflow as tf\ntf.ones([60000, 60000])",
            "memory",
            "ResourceExhaustedError",
        ),
        ("while True:\n    print('spam')", "error", "printed more than 2 MiB"),
        ("import os\nos.fork()" + RIGHT, "error", "os.fork is not allowed here"),
    ],
)
def test_verdict_and_message_say_what_happened(judge, source, verdict, said):
    record = judge(source)
    assert record.verdict == verdict
    assert said in record.message
    assert str(Path("/")) + "tmp" not in record.message


def test_endless_loop_names_its_line(judge):
    record = judge("def double(x):\n    while True:\n        x = x\n", timeout=1.0)
    assert record.verdict == "timeout"
    assert "Still running after 1 s in line" in record.message
    assert "an endless loop?" in record.message
    assert 'the check "doubles its input"' in record.message
    assert record.section == "demo-twice"


def test_checks_that_passed_before_a_timeout_are_told_apart(judge):
    record = judge(
        """
        import tensorflow as tf

        def double(x):
            if not tf.executing_eagerly():
                while True:
                    pass
            return x * 2.0
        """,
        timeout=2.0,
    )
    assert record.verdict == "timeout"
    assert [check.ok for check in record.checks] == [True, True, False]
    assert record.checks[2].message == "did not run"


def test_error_in_a_graph_function_shows_the_submission_s_line(judge):
    record = judge(
        """
        import tensorflow as tf

        @tf.function
        def double(x):
            return tf.reshape(x, [7])
        """
    )
    assert record.verdict == "wrong"
    assert record.message.endswith("in line 6: return tf.reshape(x, [7])")


PATCHES = {
    "numpy.testing": "import numpy as np\n"
    "np.testing.assert_allclose = lambda *a, **k: None",
    "numpy.asarray": "import numpy as np\nnp.asarray = lambda *a, **k: np.zeros(3)",
    "the tape": "import tensorflow as tf\n"
    "tf.GradientTape.gradient = lambda tape, y, x: [2.0 * tf.ones_like(x[0])]",
    "the tensor": "import tensorflow as tf\n"
    "type(tf.constant(1.0)).__array__ = lambda self, *a, **k: 0 * self.numpy()",
    "a builtin": "import builtins\nbuiltins.abs = lambda x: 0",
    "an exception": "import builtins\nclass Quiet(Exception): pass\n"
    "builtins.AssertionError = Quiet",
    "the checks by name": "import selfcheck.checks as c\n"
    "c.values_close = c.shape_dtype = lambda *a, **k: None",
    "the failure by name": "import selfcheck.checks.base as b\nb.fail = print",
    "the judge by name": "import selfcheck.judge as j\nj._message_of = lambda *a: None",
    "the checks' module": "import sys\n"
    "for name, module in list(sys.modules.items()):\n"
    "    if 'check' in name:\n"
    "        for key in ('values_close', 'shape_dtype', 'fail'):\n"
    "            setattr(module, key, lambda *a, **k: None)",
    "a library's code": "import tensorflow as tf\n"
    "def quiet(*a, **k): return None\n"
    "tf.convert_to_tensor.__code__ = quiet.__code__",
}


@pytest.mark.parametrize("name", PATCHES)
def test_wrong_submission_that_replaces_things_is_not_right(judge, name):
    record = judge(PATCHES[name] + WRONG)
    assert record.verdict in ("wrong", "refused", "error"), record


@pytest.mark.parametrize("name", ["numpy.asarray", "the tape", "a builtin"])
def test_replaced_name_is_told(judge, name):
    record = judge(PATCHES[name] + RIGHT)
    assert record.verdict == "refused"
    assert "replaces `" in record.message


def test_replacing_something_while_being_checked_is_noticed(judge):
    record = judge(
        """
        import tensorflow as tf

        def double(x):
            tf.GradientTape.gradient = lambda tape, y, x: [2.0 * tf.ones_like(x[0])]
            return x * 2.0
        """
    )
    assert record.verdict == "refused"
    assert "GradientTape.gradient" in record.message


FRAMES = """
import sys


def _walk():
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


def double(x):
    for frame in _walk():
        for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):
            if callable(getattr(value, "seal", None)):
                for text in list(map(str, frame.f_locals.values())):
                    try:
                        value.send(done=True)
                        value.seal(text.encode())
                    except Exception:
                        pass
            if isinstance(value, list):
                value.clear()
    return x * 5.0
"""

HIDING = """
import atexit, gc, os, threading

def double(x):
    return x * 5.0

def forge():
    lines = b'{"plan": []}\\n{"done": true}\\n{"seal": ""}\\n'
    for fd in range(3, 1000):
        try:
            os.write(fd, lines)
        except OSError:
            pass

threading.Thread(target=forge).start()
atexit.register(forge)
"""

COPIES = """
import ctypes, os

if ctypes.CDLL(None).fork() == 0:
    os._exit(0)

def double(x):
    return x * 5.0
"""


@pytest.mark.parametrize(
    "source", [FRAMES, HIDING, COPIES], ids=["frames", "descriptors", "copies"]
)
def test_wrong_submission_that_interferes_is_not_right(judge, source):
    record = judge(source, timeout=8.0)
    assert record.verdict in ("wrong", "refused", "error"), record


def test_submission_that_closes_everything_is_refused(judge):
    record = judge("import os\nos.closerange(3, 5000)" + RIGHT)
    assert record.verdict == "refused"
    assert "files it had not opened" in record.message


def test_fork_that_avoids_the_hook_is_harmless(judge):
    bomb = "import ctypes\nfor _ in range(8):\n    ctypes.CDLL(None).fork()\n"
    record = judge(bomb + "import time\ntime.sleep(20)" + RIGHT)
    assert record.verdict == "refused"
    assert "more than 32 processes" in record.message
    assert judge(RIGHT).verdict == "right"


def test_copy_of_the_submission_does_not_grade_itself(judge):
    record = judge("import ctypes\nctypes.CDLL(None).fork()" + RIGHT)
    assert record.verdict == "right"
    assert len(record.checks) == 3


def test_very_long_submission_is_refused_at_once(judge):
    record = judge("#" * 200_000)
    assert record.verdict == "refused"
    assert "at most 100,000" in record.message


def test_example_prints_and_may_use_the_submission_s_imports(book):
    source = "import tensorflow as tf\n" + RIGHT
    record = run_example("demo/double", source, config=book)
    assert record.verdict == "right"
    assert "[2. 4.]" in record.stdout
    assert record.checks == []


def test_example_that_fails_names_the_submission_s_line(book):
    source = "import tensorflow as tf\ndef double(x):\n    return x.no_such\n"
    record = run_example("demo/double", source, config=book)
    assert record.verdict == "error"
    assert "in line 3 (`return x.no_such`)" in record.message


def test_example_that_fails_by_itself_says_that_it_was_the_example(book):
    record = run_example("demo/double", RIGHT, config=book)
    assert record.verdict == "error"
    assert record.message.startswith("The example stopped in line 2")
    assert "name 'tf' is not defined" in record.message


def test_item_without_an_example_just_runs(book):
    record = run_example("demo/sort-lines", "print('ran')", config=book)
    assert (record.verdict, record.stdout) == ("right", "ran\n")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("demo/none-such", "expected an item of pool 'demo'"),
        ("demo/not-code", "is of type numeric"),
        ("demo", "expected an item as <pool>/<item>"),
        ("demo/../demo/double", "expected an item as <pool>/<item>"),
        ("/etc/passwd", "expected an item as <pool>/<item>"),
    ],
)
def test_address_that_leads_nowhere_says_what_was_expected(book, item, said):
    with pytest.raises(GradeError, match=said):
        grade(item, RIGHT, config=book)


def broken_book(tmp_path, checks):
    folder = tmp_path / "demo"
    shutil.copy(DATA / "selfcheck.toml", tmp_path)
    (folder / "double").mkdir(parents=True)
    pool = (DATA / "demo" / "pool.yaml").read_text("utf-8")
    (folder / "pool.yaml").write_text(pool, encoding="utf-8")
    (folder / "double" / "checks.py").write_text(checks, encoding="utf-8")
    return folder / "double"


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("import selfcheck.checks\n", "expected one function or more with @check"),
        (
            "from selfcheck.checks import check\n"
            "@check('a')\ndef a(s): pass\n@check('a')\ndef b(s): pass\n",
            "a name of its own",
        ),
    ],
)
def test_broken_checks_are_the_book_s_fault_not_the_reader_s(tmp_path, checks, said):
    with pytest.raises(sandbox.SandboxError, match=said):
        grade(broken_book(tmp_path, checks), RIGHT)


def test_missing_checks_are_named(tmp_path):
    folder = broken_book(tmp_path, "")
    (folder / "checks.py").unlink()
    with pytest.raises(GradeError, match=r"expected the checks of demo/double in"):
        grade(folder, RIGHT)


def test_plain_assert_in_a_check_speaks_with_its_line(tmp_path):
    checks = (
        "from selfcheck.checks import check\n"
        "@check('is positive')\ndef a(s):\n    assert s.n > 0\n"
    )
    record = grade(broken_book(tmp_path, checks), "n = -1")
    assert record.message == "expected this to hold: assert s.n > 0"


def test_fresh_process_gives_the_same_record(book, monkeypatch):
    sources = [WRONG, "import sys\nsys.exit(0)"]
    forked = [grade("demo/double", source, config=book, seed=3) for source in sources]
    sandbox.shut_down()
    monkeypatch.setenv("SELFCHECK_NO_FORK", "1")
    monkeypatch.setattr(sandbox, "_client", None)
    for source, record in zip(sources, forked, strict=True):
        again = grade("demo/double", source, config=book, seed=3)
        assert again.data() | {"seconds": 0} == record.data() | {"seconds": 0}
    monkeypatch.setattr(sandbox, "_client", None)
