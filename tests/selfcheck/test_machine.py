"""Readers who do anything at any time, with two windows open and a clock of their own.

The engine runs over the real progress file. Every event is also followed by the plain
model of `plain.py`, and the same streams are replayed by the page's core in one node.
"""

import copy
import json
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.selfcheck.plain import Reader
from tests.selfcheck.plainparts import shape_of, when

from selfcheck import bundle, progress, stamps, state
from selfcheck.progress import Store
from selfcheck.streams import look, toy_quiz, upgraded

GOLDEN = Path(__file__).parents[1] / "browser" / "golden.mjs"
FIRST = toy_quiz("q") | {"quiz": "q"}


def crowded(quiz: dict) -> dict:
    """Return a quiz whose single choices make up four large families; some are gone."""
    items = [
        item | ({"family": f"crowd-{n % 4}"} if item["stratum"] == "choice" else {})
        for n, item in enumerate(quiz["items"])
        if n not in (0, 4, 5)
    ]
    return quiz | {"items": items, "retire": 3, "review": [2, 5], "gate": 30}


EDITIONS = [FIRST, upgraded(FIRST, "second"), crowded(upgraded(FIRST, "third"))]
ITEMS = sorted({item["id"] for quiz in EDITIONS for item in quiz["items"]})
DOUBTS = st.sampled_from([None, "guess", "unsure", "sure"])
MINUTES = [1, 5, 10, 60, 1440, 4320, 10080, 43200, -5, -600, -4320, -100000, 300000]
WINDOWS = st.integers(0, 1)
BROKEN = ["", "{", "[]", '{"schema": 2}', '{"schema": 2, "book": "b", "quizzes": 3}']
DEEP = {"deck": [], "gate": {"since": "now", "sections": []}, "retired": {"q": "?"}}


class Readers(RuleBasedStateMachine):
    """One reader; `STREAMS` collects what happened, for the page's core."""

    STREAMS: list = []  # noqa: RUF012

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "b.json"
        self.windows = [Store("b", self.path), Store("b", self.path)]
        self.clock = datetime(2026, 3, 1, tzinfo=UTC)
        self.edition = 0
        self.count = 0
        self.forget()

    def forget(self):
        """The record is gone: what follows is another stream of events."""
        self.reader, self.now = Reader(), state.empty()
        self.settled, self.drawn = {}, None
        self.stream = {"quizzes": EDITIONS, "state": None, "steps": []}
        self.STREAMS.append(self.stream | {"expect": {}})

    @property
    def quiz(self):
        return EDITIONS[self.edition]

    @property
    def attempt(self):
        return state.current(self.now)

    def do(self, window, **event):
        self.count += 1
        self.clock += timedelta(milliseconds=1)
        event["now"] = stamps.write(self.clock)
        before = self.windows[window].quiz("q")
        assert before == self.now, "both windows see what was written last"
        given = copy.deepcopy(before)
        after = self.windows[window].apply(self.quiz, event)
        assert state.reduce(self.quiz, before, event) == after, "reduce is pure"
        assert before == given, "the state that goes in stays as it was"
        self.reader.live(self.quiz, event, after)
        assert shape_of(after) == self.reader.shape()
        gate = state.gate(self.quiz, after, event["now"])
        assert self.reader.gate() == (gate and (when(gate["until"]), gate["sections"]))
        assert state.due(self.quiz, after, event["now"]) == self.reader.due()
        self.check_limits(before, after, event)
        self.now = after
        self.note(event)

    def note(self, event):
        seen = look(self.quiz, self.now, event["now"], closely=True)
        step = {"quiz": self.edition, "event": event, "look": seen}
        self.stream["steps"].append(step)
        self.STREAMS[-1]["expect"] = self.now

    def check_limits(self, before, after, event):
        """No event takes back what was settled, or changes what was drawn."""
        if event["type"] == "reset":
            self.settled = {}
        found = {}
        for attempt in (a for r in after["rounds"] for a in r["attempts"]):
            for entry in attempt["items"]:
                if entry["state"] != "open":
                    found[attempt["seed"], entry["id"]] = entry
        for name, entry in self.settled.items():
            assert found[name] == entry, "a settled answer was lost or changed"
        self.settled = copy.deepcopy(found)
        attempt = state.current(after)
        drawn = attempt and (
            *(attempt["seed"], self.edition),
            tuple((e["id"], e["variant"], tuple(e["order"])) for e in attempt["items"]),
        )
        if drawn and self.drawn and drawn[:2] == self.drawn[:2]:
            loads = event["type"] in ("load", "start")
            assert drawn == self.drawn or loads, "the sample changed inside an attempt"
            assert drawn == self.drawn or self.fitted != self.edition
        if event["type"] in ("load", "start"):
            self.fitted = self.edition
        self.drawn = drawn
        assert len(after["reviews"]) >= len(before["reviews"])

    fitted = 0

    # What a reader does in an attempt.

    @rule(window=WINDOWS)
    def start(self, window):
        now = stamps.write(self.clock + timedelta(milliseconds=1))
        loaded = state.reduce(self.quiz, self.now, {"type": "load", "now": now})
        gated = state.gate(self.quiz, loaded, now)
        busy = state.current(loaded)
        before = sum(len(r["attempts"]) for r in loaded["rounds"])
        self.do(window, type="start", seed=f"seed-{self.count}")
        after = sum(len(r["attempts"]) for r in self.now["rounds"])
        assert after - before == (not gated and not busy)

    @precondition(lambda self: self.attempt)
    @rule(window=WINDOWS, place=st.integers(0, 7), right=st.booleans(), doubt=DOUBTS)
    def answer(self, window, place, right, doubt):
        entries = self.attempt["items"]
        item = entries[place % len(entries)]["id"]
        self.tried(window, right, doubt, type="answer", item=item)

    @precondition(lambda self: self.attempt)
    @rule(window=WINDOWS, wrong=st.sampled_from(["none", "odd", "all", "code"]))
    def answer_all(self, window, wrong):
        """Go through an attempt to its end, so that rounds end, too."""
        opened = [e for e in self.attempt["items"] if e["state"] == "open"]
        known = [item["id"] for item in self.quiz["items"]]
        for n, entry in enumerate(e for e in opened if e["id"] in known):
            bad = wrong == "all" or (wrong == "odd" and n % 2)
            bad = bad or (wrong == "code" and entry["stratum"] == "code")
            for _ in range(5 if bad else 1):
                self.tried(window, not bad, "sure", type="answer", item=entry["id"])

    @rule(
        window=WINDOWS, ends=st.sampled_from([("all", "odd"), ("code",) * 2, ("none",)])
    )
    def go_through_a_round(self, window, ends):
        for wrong in ends:
            self.start(window)
            if self.attempt:
                self.answer_all(window, wrong)

    @rule(window=WINDOWS, item=st.sampled_from(ITEMS), right=st.booleans())
    def answer_anything(self, window, item, right):
        self.tried(window, right, None, type="answer", item=item)

    def tried(self, window, right, doubt, **event):
        event |= {"right": right, "answer": {"text": f"{self.count}"}}
        event |= {"confidence": doubt} if doubt else {}
        self.do(window, **event)

    @rule(window=WINDOWS, item=st.sampled_from(ITEMS))
    def give_up(self, window, item):
        self.do(window, type="give_up", item=item)

    @rule(window=WINDOWS, kind=st.sampled_from(["finish", "load"] * 4 + ["reset"]))
    def plain_event(self, window, kind):
        self.do(window, type=kind)

    # Between rounds.

    @precondition(lambda self: self.now["gate"])
    @rule(window=WINDOWS, every=st.booleans(), place=st.integers(0, 3))
    def visit(self, window, every, place):
        sections = self.now["gate"]["sections"] or ["aim-0"]
        for aim in sections if every else [sections[place % len(sections)]]:
            self.do(window, type="visit", objective=aim)

    @precondition(lambda self: self.now["gate"])
    @rule(
        window=WINDOWS, reads=st.booleans(), waits=st.sampled_from([9, 10, 30, -1, -60])
    )
    def come_back(self, window, reads, waits):
        if reads:
            self.visit(window, every=True, place=0)
        self.clock += timedelta(minutes=waits)
        if waits < 0:
            self.do(window, type="visit", objective="none")
            self.do(window, type="load")
        self.go_through_a_round(window, ("odd", "all"))

    @rule(window=WINDOWS, item=st.sampled_from(ITEMS))
    def show(self, window, item):
        self.do(window, type="show", item=item)

    # The review deck.

    def families(self):
        now = stamps.write(self.clock)
        return state.due(self.quiz, self.now, now) or sorted(self.now["deck"])

    @precondition(lambda self: self.now["deck"])
    @rule(
        window=WINDOWS,
        place=st.integers(0, 30),
        verdicts=st.lists(st.booleans(), max_size=3),
        doubt=DOUBTS,
    )
    def review(self, window, place, verdicts, doubt):
        family = self.families()[place % len(self.families())]
        self.do(window, type="ask", family=family)
        for right in verdicts:
            self.tried(window, right, doubt, type="review", family=family)

    @precondition(lambda self: self.now["deck"])
    @rule(window=WINDOWS, rounds=st.integers(1, 6), half=st.booleans())
    def learn(self, window, rounds, half):
        """Answer a card whenever it is due, so that cards reach the last box."""
        for _ in range(rounds):
            dues = [(c["due"], f) for f, c in self.now["deck"].items() if c["due"]]
            if not dues:
                return
            time, family = min(dues)
            self.clock = max(self.clock, datetime.fromisoformat(time))
            self.do(window, type="ask", family=family)
            entry = self.now["deck"][family]["entry"]
            if half and entry and entry["stratum"] in ("output", "short"):
                self.tried(window, False, "sure", type="review", family=family)
            self.tried(window, True, "unsure", type="review", family=family)

    @precondition(lambda self: self.now["deck"])
    @rule(window=WINDOWS, place=st.integers(0, 30))
    def give_up_a_review(self, window, place):
        family = self.families()[place % len(self.families())]
        self.do(window, type="ask", family=family)
        self.do(window, type="review_give_up", family=family)

    @precondition(lambda self: self.now["deck"])
    @rule(
        window=WINDOWS,
        place=st.integers(0, 30),
        points=st.sampled_from([0, 0.5, 1]),
        doubt=DOUBTS,
    )
    def review_elsewhere(self, window, place, points, doubt):
        family = self.families()[place % len(self.families())]
        said = {"item": self.now["deck"][family]["item"], "variant": 0}
        said |= {"right": points > 0, "points": points, "confidence": doubt}
        self.do(window, type="reviewed", family=family, **said)

    # What happens to clocks, books, windows, and files.

    @rule(minutes=st.sampled_from(MINUTES))
    def clock_moves(self, minutes):
        self.clock += timedelta(minutes=minutes)

    @rule(
        edition=st.integers(0, 2),
        window=WINDOWS,
        starts=st.booleans(),
        opens=st.booleans(),
    )
    def book_is_upgraded(self, edition, window, starts, opens):
        if starts:
            self.start(window)
        self.edition = edition
        if opens:
            self.do(window, type="load")

    @rule(window=WINDOWS)
    def window_is_opened_anew(self, window):
        self.windows[window] = Store("b", self.path)
        self.do(window, type="load")

    @precondition(lambda self: self.path.exists())
    @rule(
        how=st.sampled_from([*BROKEN, "cut", *DEEP, "gone", "gone"]),
        window=WINDOWS,
        chance=st.integers(0, 4),
    )
    def file_is_damaged(self, how, window, chance):
        if chance < 4:  # a record that lives long is worth more
            return
        if how == "gone":
            self.path.unlink()
        else:
            self.damage(how, self.windows[window])
        self.forget()

    def damage(self, how, store):
        text = how
        if how == "cut":
            whole = self.path.read_text("utf-8")
            text = whole[: len(whole) // 2]
        elif how in DEEP:
            data = json.loads(self.path.read_text("utf-8"))
            data["quizzes"]["q"] |= {how: DEEP[how]}
            text = json.dumps(data)
        self.path.write_text(text, "utf-8")
        assert store.quiz("q") == state.empty()
        note = store.notes.pop()
        assert "put aside" in note and "fresh record" in note
        kept = [p.read_text("utf-8") for p in self.folder.glob("b.unreadable-*")]
        assert text in kept, "what could not be read is kept"

    # What holds at any moment.

    @invariant()
    def tries_attempts_and_points_stay_within_their_limits(self):
        limits = {"choice": 1, "multiple": 1, "code": 5}
        cards = self.now["deck"].values()
        entries = [card["entry"] for card in cards if card["entry"]]
        for round_ in self.now["rounds"]:
            assert 1 <= len(round_["attempts"]) <= 2
            for attempt in round_["attempts"]:
                entries += attempt["items"]
                closed = all(e["state"] != "open" for e in attempt["items"])
                assert closed == (attempt["finished"] is not None)
        for entry in entries:
            assert len(entry["tries"]) <= limits.get(entry["stratum"], 2)
            assert (entry["points"] > 0) == (entry["state"] == "right")

    @invariant()
    def nobody_is_locked_out_for_longer_than_one_wait(self):
        """Whatever the clocks did: load, read, wait once, and the next round opens."""
        if self.attempt or not self.now["rounds"]:
            return

        def then(now, minutes, **event):
            time = stamps.write(self.clock + timedelta(minutes=minutes))
            return state.reduce(self.quiz, now, event | {"now": time})

        now = then(self.now, 0, type="load")
        for aim in (now["gate"] or {"sections": []})["sections"]:
            now = then(now, 0, type="visit", objective=aim)
        now = then(now, self.quiz["gate"], type="start", seed="x")
        assert state.current(now)

    @invariant()
    def rests_and_reviews_are_no_further_away_than_a_full_wait(self):
        now = {"type": "load", "now": stamps.write(self.clock)}
        loaded = state.reduce(self.quiz, self.now, now)
        rest = self.clock + timedelta(days=self.quiz["retire"])
        for until in loaded["retired"].values():
            assert datetime.fromisoformat(until) <= rest
        for card in loaded["deck"].values():
            wait = timedelta(days=max(self.quiz["review"]))
            due = card["due"] and datetime.fromisoformat(card["due"])
            assert due is None or due <= self.clock + wait
        assert state.reduce(self.quiz, loaded, now) == loaded, "one load is enough"

    def teardown(self):
        self.do(0, type="reset")  # rare by itself, and to be in every stream
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def streams() -> list:
    """Let readers live, and return what they did; no power cut comes between."""
    Readers.STREAMS = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress.os, "fsync", lambda handle: None)
        _live()
    return [stream for stream in Readers.STREAMS if stream["steps"]]


def _live() -> None:
    run_state_machine_as_test(
        Readers,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_a_reader_does_the_rules_hold(streams):
    events = [step["event"] for stream in streams for step in stream["steps"]]
    assert {event["type"] for event in events} == set(state.EVENTS)


def test_the_page_makes_the_same_of_every_stream(streams, tmp_path):
    core = bundle.ensure(dev=True) / "node" / "core.mjs"
    file = tmp_path / "streams.json"
    file.write_text(json.dumps({"reduce": streams}), "utf-8")
    node, _ = bundle.node_programs()
    command = [str(node), str(GOLDEN), str(core), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    assert result["differ"] == []
    assert result["counts"] == {"reduce": len(streams)}
