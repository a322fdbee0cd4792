"""Progress is kept after every event, and nothing of it is ever lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from selfcheck import progress, state
from selfcheck.golden import toy_quiz
from selfcheck.progress import NewerError, ProgressError, Store

QUIZ = toy_quiz("q") | {"quiz": "q"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store("toy", tmp_path / "data" / "toy.json")


def begin(store: Store, seed: str = "a") -> dict:
    return store.apply(QUIZ, {"type": "start", "seed": seed})


def test_an_event_is_on_disk_when_apply_returns(store: Store):
    after = begin(store)
    kept = json.loads(store.path.read_text())
    assert kept["schema"] == 2 and kept["book"] == "toy" and kept["revision"] == 1
    assert kept["quizzes"]["q"] == after == Store("toy", store.path).quiz("q")


def test_the_default_place_follows_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Store("b").path == tmp_path / "selfcheck" / "b.json"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Store("b").path == tmp_path / ".local/share/selfcheck/b.json"


def test_two_stores_continue_each_other_s_state(store: Store):
    begin(store)
    other = Store("toy", store.path)
    name = state.current(other.quiz("q"))["items"][0]["id"]
    other.apply(QUIZ, {"type": "give_up", "item": name})
    after = store.apply(QUIZ, {"type": "load"})
    assert after["rounds"][0]["attempts"][0]["items"][0]["state"] == "wrong"


def test_processes_that_write_at_the_same_time_lose_no_event(store: Store):
    begin(store)
    source = (
        "import sys; from pathlib import Path\n"
        "from selfcheck.progress import Store; from selfcheck.golden import toy_quiz\n"
        "s = Store('toy', Path(sys.argv[1])); quiz = toy_quiz('q')\n"
        "for n in range(10):\n"
        "    s.apply(quiz | {'quiz': f'{sys.argv[2]}{n}'}, {'type': 'load'})\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", source, str(store.path), name])
        for name in "xyz"
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    data = store.read()
    assert data["revision"] == 31 and len(data["quizzes"]) == 31


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "",
        '{"schema": 1}',
        '{"schema": 1, "book": "toy", "quizzes": {"q": {}}}',
    ],
)
def test_an_unreadable_file_is_set_aside_with_a_message(store: Store, text: str):
    store.path.parent.mkdir()
    store.path.write_text(text)
    begin(store)
    (aside,) = store.path.parent.glob("toy.unreadable-*.json")
    assert aside.read_text() == text
    (note,) = store.notes
    assert str(aside) in note and "fresh record" in note
    assert Store("toy", store.path).quiz("q")["rounds"]


def test_a_file_of_a_newer_version_is_neither_read_nor_overwritten(store: Store):
    store.path.parent.mkdir()
    text = '{"schema": 3, "book": "toy", "quizzes": {"q": "anything"}}'
    store.path.write_text(text)
    with pytest.raises(NewerError, match="newer selfcheck wrote"):
        begin(store)
    assert store.path.read_text() == text


def test_an_interrupted_write_leaves_the_old_file(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    begin(store)
    before = store.path.read_text()

    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(progress.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.apply(QUIZ, {"type": "finish"})
    assert store.path.read_text() == before
    assert not list(store.path.parent.glob("*.part"))


def test_a_full_disk_keeps_progress_in_memory_and_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    def full(path, text):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress, "_write_whole", full)
    begin(store)
    after = store.apply(QUIZ, {"type": "finish"})
    assert store.quiz("q") == after
    (note,) = store.notes
    assert "No space left on device" in note and "progress export" in note


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path):
    tmp_path.chmod(0o500)
    store = Store("toy", tmp_path / "x" / "toy.json")
    begin(store)
    assert "cannot be stored" in store.notes[0]


def test_an_export_is_imported_elsewhere_and_the_old_file_is_kept(
    store: Store, tmp_path: Path
):
    begin(store)
    store.export_to(tmp_path / "out.json")
    other = Store("toy", tmp_path / "other" / "toy.json")
    other.apply(QUIZ | {"quiz": "second"}, {"type": "start", "seed": "b"})
    before = other.path.read_text()
    assert other.import_from(tmp_path / "out.json") == ["q"]
    assert set(other.read()["quizzes"]) == {"q", "second"}
    assert other.quiz("q") == store.quiz("q")
    (backup,) = other.path.parent.glob("toy.before-import-*.json")
    assert backup.read_text() == before and str(backup) in other.notes[0]


def test_an_import_that_fails_changes_nothing(store: Store, tmp_path: Path):
    begin(store)
    before = store.path.read_text()
    bad = tmp_path / "bad.json"
    for text, said in (
        ("{", "expected JSON"),
        ('{"schema": 1, "book": "other", "quizzes": {}}', "of the book 'toy', got"),
    ):
        bad.write_text(text)
        with pytest.raises(ProgressError, match=said):
            store.import_from(bad)
    with pytest.raises(ProgressError, match="No such file"):
        store.import_from(tmp_path / "none.json")
    assert store.path.read_text() == before


def test_unknown_keys_of_the_page_survive(store: Store):
    store.path.parent.mkdir()
    data = {"schema": 1, "book": "toy", "quizzes": {}, "theme": "dark", "revision": 4}
    store.path.write_text(json.dumps(data))
    begin(store)
    kept = store.read()
    assert kept["theme"] == "dark" and kept["revision"] == 5


def test_the_time_of_an_event_has_the_form_of_javascript():
    import re

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", progress.now())
