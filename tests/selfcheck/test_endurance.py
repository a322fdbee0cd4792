"""Two hundred submissions in a row, and how much a warm process is worth."""

import dataclasses
import statistics
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from selfcheck import config, sandbox
from selfcheck.client import ZygoteClient
from selfcheck.grade import GradeRecord, grade
from selfcheck.settings import SandboxConfig, can_fork

DATA = Path(__file__).parent / "data"
SUBMISSIONS = 200
SORT = "def sort_lines(text):\n    return sorted(text.splitlines())\n"
# What the process above the submission holds alone: the supervisor writes it, and so
# does the zygote that it was copied from.
SUPERVISOR = (
    "import os\n"
    "for line in open(f'/proc/{os.getppid()}/smaps_rollup'):\n"
    "    if line.startswith('Private_Dirty'):\n"
    "        print(line.split()[1])\n"
)
LITTER = (
    "import pathlib, subprocess, tempfile\n"
    "pathlib.Path('left').write_text('x' * 1000)\n"
    "tempfile.mkdtemp()\n"
    "open(tempfile.mkstemp()[1], 'w').write('y')\n"
    "subprocess.Popen(['sleep', '60'])\n"
)
KINDS: list[tuple[str, str, str, str]] = [
    ("right", "demo/sort-lines", SORT, "right"),
    ("wrong", "demo/sort-lines", "def sort_lines(text):\n    return text\n", "wrong"),
    ("tensor", "demo/double", "def double(x):\n    return x * 2.0\n", "right"),
    ("syntax", "demo/sort-lines", "def sort_lines(text\n", "error"),
    ("litter", "demo/sort-lines", LITTER + SORT, "right"),
    ("exit", "demo/sort-lines", "import os\nos._exit(3)\n", "error"),
    ("crash", "demo/sort-lines", "import ctypes\nctypes.string_at(0)\n", "crashed"),
    ("large", "demo/sort-lines", f"data = [0.5] * 10**6\n{SORT}", "right"),
    ("printer", "demo/sort-lines", f"print('spam' * 10_000)\n{SORT}", "right"),
    ("supervisor", "demo/sort-lines", SUPERVISOR + SORT, "right"),
]

needs_fork = pytest.mark.skipif(not can_fork(), reason="no safe fork on this system")


@dataclasses.dataclass
class Endurance:
    """What was seen on the way; sizes in bytes, one per round of all kinds."""

    verdicts: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    zygote: list[int] = dataclasses.field(default_factory=list)
    supervisor: list[int] = dataclasses.field(default_factory=list)
    caller: list[int] = dataclasses.field(default_factory=list)
    files: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    zombies: list[str] = dataclasses.field(default_factory=list)
    left: list[str] = dataclasses.field(default_factory=list)
    pids: set[int] = dataclasses.field(default_factory=set)


@pytest.fixture(scope="module")
def endurance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endurance]:
    """Grade 200 submissions of ten kinds through one zygote, looking after each ten."""
    temporary = tmp_path_factory.mktemp("temporary")
    book = config.read(DATA)
    book = dataclasses.replace(book, env=book.env | {"TMPDIR": str(temporary)})
    sandbox.configure(book)
    seen, me = Endurance(), psutil.Process()
    for _ in range(SUBMISSIONS // len(KINDS)):
        for name, item, source, wanted in KINDS:
            record = grade(item, source, config=book)
            seen.verdicts.append((name, record.verdict, wanted))
            if name == "supervisor":
                seen.supervisor.append(int(record.stdout) * 1024)
        zygote = psutil.Process(sandbox.client().pid)
        seen.pids.add(zygote.pid)
        seen.zombies += left_below(zygote)
        seen.zygote.append(zygote.memory_info().rss)
        seen.caller.append(me.memory_info().rss)
        seen.files.append((open_files(zygote), open_files(me)))
        seen.left += [path.name for path in temporary.iterdir()]
    yield seen
    sandbox.configure(config.read(DATA))


def left_below(zygote: psutil.Process, patience: float = 3.0) -> list[str]:
    """The processes below a zygote that nobody has ended or collected in time."""
    deadline = time.monotonic() + patience
    while (below := zygote.children(recursive=True)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [f"{process.pid} {process.status()}" for process in below]


def open_files(process: psutil.Process) -> int:
    """How many files a process keeps open: not those it is just closing."""
    return min(process.num_fds() for _ in range(5))


def grown(sizes: list[int]) -> tuple[int, int]:
    """By how much the later half is larger, and how much of it may be chance.

    Chance is what the size moves by from one round to the next. A leak of 2 KiB per
    submission is more than that over half of the rounds.
    """
    # The first rounds fill what is filled once: caches, free lists, arenas.
    settled = sizes[len(sizes) // 10 :]
    first, later = settled[: len(settled) // 2], settled[len(settled) // 2 :]
    steps = [abs(b - a) for a, b in pairwise(settled)]
    growth = statistics.median(later) - statistics.median(first)
    return round(growth), round(3 * statistics.median(steps)) + 64 * 1024


@needs_fork
def test_every_submission_is_judged_as_the_first_of_its_kind(endurance: Endurance):
    assert len(endurance.verdicts) == SUBMISSIONS
    assert [row for row in endurance.verdicts if row[1] != row[2]] == []


@needs_fork
def test_one_zygote_has_served_all(endurance: Endurance):
    assert len(endurance.pids) == 1


@needs_fork
def test_no_zombie_and_no_stray_process_is_left(endurance: Endurance):
    assert endurance.zombies == []


@needs_fork
@pytest.mark.parametrize("who", ["zygote", "supervisor", "caller"])
def test_memory_does_not_grow(endurance: Endurance, who: str):
    sizes = getattr(endurance, who)
    assert len(sizes) == SUBMISSIONS // len(KINDS)
    growth, chance = grown(sizes)
    assert growth <= chance, [size // 1024 for size in sizes]


@needs_fork
def test_no_file_stays_open(endurance: Endurance):
    assert endurance.files[-1] == endurance.files[0], endurance.files


@needs_fork
def test_no_temporary_file_is_left(endurance: Endurance):
    assert endurance.left == []


@needs_fork
def test_who_kills_the_process_above_leaves_no_file_either(tmp_path: Path):
    book = config.read(DATA)
    client = ZygoteClient(SandboxConfig((), book.env | {"TMPDIR": str(tmp_path)}))
    killer = (
        "import os, signal, time\n"
        "for number in range(50):\n    open(f'file-{number}', 'w').write('x')\n"
        "os.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(30)\n"
    )
    job = {"kind": "program", "source": killer, "timeout": 20, "memory": 512}
    assert client.run(job)["end"] == "lost"
    deadline = time.monotonic() + 5
    while list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list(tmp_path.iterdir()) == []
    assert left_below(psutil.Process(client.pid)) == []
    client.stop()


@pytest.mark.parametrize("leak", [2048, 4096, 100_000])
def test_growth_is_seen_where_there_is_some(leak: int):
    noise = [20_000 * (n * 7 % 5) for n in range(20)]
    growth, chance = grown([10**8 + part // 5 for part in noise])
    assert growth <= chance
    leaking = [10**8 + part // 5 + 10 * leak * n for n, part in enumerate(noise)]
    growth, chance = grown(leaking)
    assert growth > chance


@needs_fork
def test_a_warm_process_grades_ten_times_faster_than_a_fresh_one(monkeypatch):
    book = config.read(DATA)
    sandbox.configure(book)
    warm = sandbox.client()
    warm.start()
    fresh = ZygoteClient(SandboxConfig(book.preload, book.env))
    fresh.forkable = False

    def seconds(client: ZygoteClient) -> float:
        monkeypatch.setattr(sandbox, "_client", client)
        started = time.monotonic()
        record: GradeRecord = grade("demo/sort-lines", SORT, config=book)
        elapsed = time.monotonic() - started
        assert record.verdict == "right", record
        return elapsed

    seconds(warm)
    times = [(seconds(fresh), seconds(warm), seconds(warm)) for _ in range(5)]
    slow = statistics.median(row[0] for row in times)
    fast = statistics.median(one for row in times for one in row[1:])
    assert slow >= 10 * fast, times
    print(f"fresh {slow:.2f} s, warm {fast:.3f} s: {slow / fast:.0f} times")
