"""The process that forks a copy for every program, and what it survives."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from selfcheck import config, fresh, sandbox
from selfcheck.client import ZygoteClient
from selfcheck.settings import SandboxConfig, SandboxError, can_fork

DATA = Path(__file__).parent / "data"
needs_fork = pytest.mark.skipif(not can_fork(), reason="no safe fork on this system")


@pytest.fixture(autouse=True)
def book():
    sandbox.configure(config.read(DATA))


@pytest.fixture
def bare():
    """A zygote of its own that imports nothing."""
    client = ZygoteClient(SandboxConfig())
    yield client
    client.stop()


def run(source, **limits):
    return sandbox.run_program(textwrap.dedent(source), **limits)


def job(source, **limits):
    limits = {"timeout": 10, "memory": 1024} | limits
    return {"kind": "program", "source": textwrap.dedent(source)} | limits


def gone(pid, seconds=3.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_program_runs_tensorflow_and_its_output_is_kept():
    result = run("import tensorflow as tf\nprint(int(tf.reduce_sum(tf.range(5))))")
    assert (result.ok, result.stdout, result.error) == (True, "10\n", None)


def test_program_sees_its_own_source_file_as_autograph_needs_it():
    result = run(
        """
        import inspect
        import tensorflow as tf

        @tf.function
        def count(n):
            total = 0
            for i in tf.range(n):
                total += i
            return total

        print(int(count(tf.constant(4))), __name__)
        assert "total += i" in inspect.getsource(count.python_function)
        """
    )
    assert result.ok, result.error
    assert result.stdout == "6 __main__\n"


def test_error_of_a_program_shows_its_own_lines_only():
    result = run("import tensorflow as tf\ntf.reshape(tf.ones([2, 2]), [3])")
    assert not result.ok
    assert 'File "program.py", line 2' in result.error
    assert "site-packages" not in result.error
    assert "InvalidArgumentError" in result.error


def test_expression_is_valued_as_plain_python():
    value = sandbox.evaluate(
        "import tensorflow as tf", "(tf.constant(1.5), [True, 2], tf.ones([2]))"
    )
    assert value.value == [1.5, [True, 2], [1.0, 1.0]]


def test_expression_without_a_plain_value_is_an_error_that_says_so():
    value = sandbox.evaluate("", "object()")
    assert not value.ok
    assert "expected a number, a text, or a list of them, got object" in value.error


def test_two_programs_do_not_see_each_other():
    assert run("import builtins, sys\nbuiltins.left = 1\nsys.left = 1").ok
    assert run("import builtins, sys\nassert not hasattr(builtins, 'left')").ok


@needs_fork
def test_preloaded_zygote_has_run_no_op_and_has_one_thread():
    sandbox.warm_up()
    assert psutil.Process(sandbox.client().pid).num_threads() == 1
    result = run(
        """
        from tensorflow.python.eager import context
        print(context.context()._initialized)
        import tensorflow as tf
        tf.ones([])
        print(context.context()._initialized)
        """
    )
    assert result.stdout == "False\nTrue\n"


@needs_fork
def test_preload_that_starts_threads_is_never_forked(tmp_path, monkeypatch):
    (tmp_path / "threaded_module.py").write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    client = ZygoteClient(SandboxConfig(preload=("threaded_module",)))
    outcome = client.run(job("print('ran')"))
    assert outcome["sealed"]
    assert outcome["stdout"] == "ran\n"
    assert client.pid is None


def test_preload_that_cannot_be_imported_is_named_with_what_to_do(bare):
    client = ZygoteClient(SandboxConfig(preload=("no_such_module",)))
    with pytest.raises(SandboxError, match=r"no_such_module.*pip install -r"):
        client.run(job("print(1)"))


@needs_fork
def test_zygote_that_was_killed_is_started_again(bare):
    bare.start()
    first = bare.pid
    os.kill(first, signal.SIGKILL)
    assert bare.run(job("print('again')"))["stdout"] == "again\n"
    assert bare.pid != first


@needs_fork
def test_idle_zygote_ends_and_the_next_program_starts_another():
    client = ZygoteClient(SandboxConfig(idle=0.3))
    assert client.run(job("print(1)"))["sealed"]
    first = client.pid
    assert gone(first)
    assert client.run(job("print(2)"))["stdout"] == "2\n"
    assert client.pid != first
    client.stop()


@needs_fork
def test_busy_zygote_does_not_count_as_idle():
    client = ZygoteClient(SandboxConfig(idle=0.3))
    outcome = client.run(job("import time\ntime.sleep(1.2)\nprint('done')"))
    assert outcome["stdout"] == "done\n"
    client.stop()


@needs_fork
def test_killing_the_supervisor_is_told_and_ends_the_program(bare):
    outcome = bare.run(
        job(
            "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass"
        )
    )
    assert outcome["end"] == "lost"
    assert not outcome["sealed"]
    deadline = time.monotonic() + 3
    while psutil.Process(bare.pid).children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert psutil.Process(bare.pid).children() == []


@needs_fork
def test_ended_caller_takes_zygote_and_running_program_with_it(tmp_path):
    marker = tmp_path / "pid"
    program = f"""
        import os, time
        open({str(marker)!r}, "w").write(str(os.getpid()))
        time.sleep(60)
        """
    caller = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from selfcheck.client import ZygoteClient\n"
            "from selfcheck.settings import SandboxConfig\n"
            "client = ZygoteClient(SandboxConfig())\n"
            "client.start(); print(client.pid, flush=True)\n"
            f"client.run({job(program, timeout=50)!r})",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    zygote = int(caller.stdout.readline())
    deadline = time.monotonic() + 10
    while not marker.exists() or not marker.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    caller.kill()
    caller.wait()
    assert gone(int(marker.read_text()))
    assert gone(zygote)


@needs_fork
@pytest.mark.parametrize(
    "escape",
    [
        "subprocess.Popen(['sleep', '77.5'])",
        "subprocess.Popen(['setsid', 'sleep', '77.5'])",
        "subprocess.Popen(['sh', '-c', '(setsid sleep 77.5 &) &'])",
    ],
    ids=["child", "own session", "orphan in its own session"],
)
@pytest.mark.parametrize("ending", ["pass", "while True: pass"], ids=["ends", "loops"])
def test_what_a_program_starts_ends_with_it(bare, escape, ending):
    program = f"import subprocess, time\n{escape}\ntime.sleep(0.2)\n{ending}"
    bare.run(job(program, timeout=0.6))
    left = [
        process
        for process in psutil.process_iter(["cmdline"])
        if "77.5" in (process.info["cmdline"] or [])
    ]
    assert left == []


@needs_fork
def test_fork_bomb_is_defused(bare):
    bomb = "import os\nfor _ in range(8):\n    os.fork()\nimport time\ntime.sleep(20)"
    outcome = bare.run(job(bomb))
    assert outcome["end"] == "processes"
    assert outcome["seconds"] < 8
    assert bare.run(job("print('fine')"))["stdout"] == "fine\n"


def test_endless_output_is_cut_and_ended():
    result = run("while True:\n    print('x' * 1000)")
    assert not result.ok
    assert "printed more than 2 MiB" in result.error
    assert len(result.stdout) < 40_000


def test_much_output_is_kept_in_part_with_what_was_left_out():
    result = run("print('x' * 100_000)")
    assert result.ok
    assert len(result.stdout) < 40_000
    assert result.stdout.endswith("bytes more\n")


def test_endless_loop_is_ended_at_the_line_it_was_in():
    started = time.monotonic()
    result = run("n = 0\nwhile True:\n    n += 1", timeout=0.5)
    assert result.error.startswith("Still running after 0.5 s in line ")
    assert time.monotonic() - started < 5


def test_program_that_ignores_signals_is_ended_all_the_same():
    result = run(
        """
        import signal
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            signal.signal(number, signal.SIG_IGN)
        while True:
            pass
        """,
        timeout=0.5,
    )
    assert "Still running" in result.error


def test_memory_beyond_the_limit_is_named():
    result = run("data = bytearray(3 * 2**30)", memory=256)
    assert "more memory than it may use (256 MiB" in result.error


def test_program_can_catch_the_end_of_its_memory():
    source = """
        try:
            bytearray(3 * 2**30)
        except MemoryError:
            print("caught")
        """
    assert run(source, memory=256).stdout == "caught\n"


@needs_fork
def test_memory_taken_bit_by_bit_in_several_processes_counts(bare):
    program = """
        import os, time
        for _ in range(4):
            if os.fork() == 0:
                data = b"x" * (120 * 2**20)
                time.sleep(30)
        time.sleep(30)
        """
    assert bare.run(job(program, memory=256, timeout=15))["end"] == "memory"


def test_file_larger_than_allowed_cannot_be_written():
    result = run(
        """
        with open("large", "wb") as file:
            for _ in range(600):
                file.write(bytes(2**20))
        """
    )
    assert not result.ok
    assert "File too large" in result.error


def test_crash_names_its_signal_and_line():
    result = run("import ctypes\n\nctypes.string_at(0)")
    assert "crashed" in result.error
    assert "SIGSEGV" in result.error
    assert "line 3" in result.error


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos._exit(0)",
        "import os\nos.closerange(3, 2000)\nprint(1)",
        "import os\n"
        "for fd in range(3, 1000):\n"
        "    try: os.write(fd, b'{\"done\": true}\\n')\n"
        "    except OSError: pass",
        "import os\n"
        "for fd in range(3, 1000):\n"
        '    try: os.write(fd, b\'{"done": true}\\n{"seal": "0"}\\n\')\n'
        "    except OSError: pass\n"
        "os._exit(0)",
        "import sys\nraise SystemExit(0)",
    ],
    ids=["_exit", "closes all files", "writes to all files", "forges", "exit"],
)
def test_program_that_does_not_reach_its_end_is_not_ok(source):
    result = run(source)
    assert not result.ok
    assert result.error


def test_reading_the_nonce_early_gains_nothing():
    result = run(
        """
        import os
        for fd in range(3, 1000):
            os.set_blocking(fd, False) if os.path.exists(f"/proc/self/fd/{fd}") else 0
            try:
                os.read(fd, 64)
            except OSError:
                pass
        """
    )
    assert not result.ok


@needs_fork
def test_twenty_programs_leave_no_zombie_and_do_not_grow_the_zygote():
    run("print(1)")
    zygote = psutil.Process(sandbox.client().pid)
    before, files = zygote.memory_info().rss, psutil.Process().num_fds()
    for index in range(20):
        assert run(f"import tensorflow as tf\nprint(tf.ones([{index}]).shape)").ok
    assert zygote.pid == sandbox.client().pid
    assert psutil.Process().num_fds() <= files
    assert zygote.num_fds() < 16
    assert zygote.memory_info().rss - before < 8 * 2**20
    deadline = time.monotonic() + 3
    while zygote.children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert zygote.children(recursive=True) == []


@needs_fork
def test_scratch_folders_are_removed(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    client = ZygoteClient(SandboxConfig())
    outcome = client.run(
        job("import os\nprint(os.getcwd())\nopen('left', 'w').write('x')")
    )
    client.stop()
    assert outcome["stdout"].startswith(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@needs_fork
def test_threads_may_run_programs_at_the_same_time():
    results = {}

    def work(number):
        results[number] = run(f"import time\ntime.sleep(0.2)\nprint({number})").stdout

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: f"{n}\n" for n in range(6)}


def test_fresh_process_gives_the_same_as_a_fork(monkeypatch):
    settings = SandboxConfig(preload=("json",))
    programs = ["print(1)", "1 / 0", "import os\nos._exit(0)", "x = ("]
    forked = ZygoteClient(settings)
    for source in programs:
        one, two = forked.run(job(source)), fresh.run_fresh(job(source), settings)
        for key in ("end", "status", "events", "sealed", "stdout"):
            assert one[key] == two[key], (source, key)
    forked.stop()


def test_fresh_process_is_ended_when_it_does_not_end(monkeypatch):
    outcome = fresh.run_fresh(job("while True: pass", timeout=0.5), SandboxConfig())
    assert outcome["end"] == "timeout"


def test_without_fork_no_zygote_is_started(monkeypatch):
    monkeypatch.setenv("SELFCHECK_NO_FORK", "1")
    client = ZygoteClient(SandboxConfig())
    assert client.run(job("print('fresh')"))["stdout"] == "fresh\n"
    assert client.pid is None


@needs_fork
def test_fork_is_much_faster_than_a_fresh_process():
    settings = config.read(DATA)
    settings = SandboxConfig(settings.preload, settings.env)
    program = job("import tensorflow as tf\nprint(tf.ones([2]).shape)", memory=4096)
    sandbox.warm_up()
    started = time.monotonic()
    assert sandbox.client().run(program)["sealed"]
    warm = time.monotonic() - started
    started = time.monotonic()
    assert fresh.run_fresh(program, settings)["sealed"]
    assert time.monotonic() - started > 3 * warm


@needs_fork
def test_stopping_does_not_wait_for_imports(tmp_path, monkeypatch):
    (tmp_path / "slow_module.py").write_text("import time\ntime.sleep(30)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    client = ZygoteClient(SandboxConfig(preload=("slow_module",)))
    errors = []

    def start():
        try:
            client.start()
        except SandboxError as error:
            errors.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    while client.pid is None:
        time.sleep(0.01)
    started = time.monotonic()
    client.stop()
    thread.join(timeout=5)
    assert time.monotonic() - started < 5
    assert len(errors) == 1
