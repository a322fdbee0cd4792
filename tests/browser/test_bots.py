"""Bots at the quiz: who guesses, remembers, or reads the source wins what is computed.

A thousand quizzes are played on the page's core in node, some twenty in the browser.
Passes are held to the chances that `selfcheck.guessing` computes by a binomial test
(with chances that differ from attempt to attempt: its general form).
"""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from selfcheck import bundle

from . import odds, toy

HERE = Path(__file__).parent
# Without the program, which nobody guesses, and with less to reach: luck shows.
EASY = {"draw": {**toy.DRAW, "code": 0}, "pass": {"at_least": 3, "must": []}}


def play(payload: dict[str, Any], **bot: Any) -> list[dict[str, Any]]:
    """Let a bot play on the core; returns its attempts."""
    node, _ = bundle.node_programs()
    core = bundle.ensure(dev=True) / "node" / "core.mjs"
    request = json.dumps({"quiz": payload, "seed": 20300101, **bot})
    done = subprocess.run(
        [str(node), str(HERE / "bots.mjs"), str(core)],
        input=request,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def chances(payload: dict[str, Any], attempts: list[dict[str, Any]]) -> list[float]:
    """The computed chance of each attempt, with what its bot knew."""
    return [odds.chance(payload, one["drawn"], one["known"]) for one in attempts]


def passed(attempts: list[dict[str, Any]]) -> int:
    """How many attempts passed."""
    return sum(one["passed"] for one in attempts)


@pytest.fixture(scope="module")
def easy() -> dict[str, Any]:
    """The toy quiz with rules under which luck shows."""
    return toy.payload() | EASY


@pytest.fixture(scope="module")
def rememberers(easy) -> list[dict[str, Any]]:
    """What bots win that keep every key that was open to them, over four rounds."""
    return play(easy, readers=120, rounds=4, memory=True)


def test_guessing_passes_the_quiz_no_oftener_than_its_bound(easy):
    quiz = toy.payload()
    bound = odds.bound(quiz)
    assert bound <= 1e-3
    attempts = play(quiz, readers=500, rounds=1)
    assert len(attempts) >= 1000 - passed(attempts)
    assert not odds.too_many(passed(attempts), [float(bound)] * len(attempts))


def test_guessing_reaches_points_as_often_as_is_computed(easy):
    attempts = play(
        easy | {"pass": {"at_least": 99, "must": []}}, readers=500, rounds=1
    )
    assert len(attempts) == 1000
    for needed in (2, 3, 4, 5):
        quiz = easy | {"pass": {"at_least": needed, "must": []}}
        found = chances(quiz, attempts)
        reached = sum(one["points"] >= needed for one in attempts)
        assert not odds.too_many(reached, found), needed
        assert not odds.too_few(reached, found), needed
        assert max(found) <= float(odds.bound(quiz)) + 1e-12


def test_memory_is_worth_nothing_until_every_question_was_seen(easy, rememberers):
    drawn = sum(easy["draw"].values())
    fresh = (len(toy.ITEMS) - 3) // drawn  # attempts that the pool serves with new ones
    early = [one for one in rememberers if one["round"] * 2 + one["nth"] < fresh]
    assert all(not one["known"] for one in early)
    bound = float(odds.bound(easy))
    assert not odds.too_many(passed(early), [bound] * len(early))


def test_memory_wins_what_was_shown_and_no_more(easy, rememberers):
    found = chances(easy, rememberers)
    assert sum(bool(one["known"]) for one in rememberers) > 100
    assert not odds.too_many(passed(rememberers), found)
    assert not odds.too_few(passed(rememberers), found)


def test_clearing_the_storage_wins_what_was_shown_and_no_more(easy):
    attempts = play(easy, readers=120, rounds=4, memory=True, clear=True)
    found = chances(easy, attempts)
    assert len(attempts) > 500
    assert not odds.too_many(passed(attempts), found)
    assert not odds.too_few(passed(attempts), found)


def test_gate_lets_nobody_through_who_cannot_wait(rememberers):
    assert sum(one["forced"] for one in rememberers) == 0


def test_look_under_one_seal_in_eight_is_noticed(easy):
    attempts = play(easy, readers=200, rounds=1, peek=1 / 8)
    assert odds.too_many(passed(attempts), chances(easy, attempts))


class Clicker:
    """A bot in a browser's page; its memory outlives reloads and cleared storage."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.memory = "{}"
        self.attempts: list[dict[str, Any]] = []
        page.clock.install()
        self.reload()

    def reload(self) -> None:
        """Load the page anew, and go on as before."""
        self.page.reload()
        self.page.add_script_tag(path=HERE / "clicker.js")
        self.page.evaluate("m => Object.assign(clicker.memory, m)", self.known())

    def known(self) -> dict[str, Any]:
        """What it remembers: a prompt's text and the answer to it."""
        return json.loads(self.memory)

    def attempt(self) -> bool:
        """Play one attempt; false where the page does not let it."""
        done = self.page.evaluate("clicker.attempt()")
        if done is None:
            return False
        answers = done["answers"]
        self.attempts.append(
            {
                "drawn": [one["item"] for one in answers],
                "known": [one["item"] for one in answers if one["known"]],
                "right": [one["item"] for one in answers if one["right"]],
                "passed": done["passed"],
            }
        )
        return True

    def learn(self) -> int:
        """Read the keys that are open; returns how many it knows by now."""
        learned = self.page.evaluate("async () => { await clicker.learn(); }")
        assert learned is None
        self.memory = self.page.evaluate("JSON.stringify(clicker.memory)")
        return len(self.known())

    def wait(self) -> None:
        """Open what is to be opened and let the pause pass."""
        for link in self.page.locator(".sc-sections a").all():
            link.click()
        self.page.clock.run_for(11 * 60_000)


@pytest.fixture(scope="module")
def bots_page(toy_site, easy) -> str:
    """The toy quiz with the easy rules, as a page."""
    page = toy.write(toy_site, name="bots.html", quiz=toy.section(easy))
    return page.as_uri()


@pytest.fixture
def clicker(visit, bots_page):
    """A fresh bot at that page."""
    return lambda: Clicker(visit(bots_page))


# What stands behind the seals of the toy, and nowhere else.
SECRETS = ("KEYREASON", "REFUTED-BY", "LISTGROWS", "ADDSUP", "DISCUSSION", "MAKESFOUR")


def scrape(page: Page) -> tuple[list[str], list[str]]:
    """Let the bot read all there is: the items whose keys it found, and the texts."""
    page.add_script_tag(path=HERE / "clicker.js")
    texts = page.evaluate("clicker.scrape()")
    return page.evaluate("Object.keys(clicker.keys)"), texts


def held(easy: dict[str, Any], attempts: list[dict[str, Any]]) -> None:
    """Fail when these attempts passed oftener than what was known explains."""
    assert not odds.too_many(passed(attempts), chances(easy, attempts))


def test_random_clicker_in_the_page_passes_no_oftener_than_is_computed(clicker, easy):
    attempts = []
    for _ in range(4):
        bot = clicker()
        while len(bot.attempts) < 2 and not passed(bot.attempts):
            assert bot.attempt()
        attempts += bot.attempts
    assert len(attempts) >= 4
    held(easy, attempts)


def test_bot_that_remembers_over_reloads_meets_new_questions_first(clicker, easy):
    bot = clicker()
    while len(bot.attempts) < 3:
        if not bot.attempt():
            bot.wait()
        bot.learn()
        bot.reload()
    assert [one["known"] for one in bot.attempts] == [[], [], []]
    held(easy, bot.attempts)


def test_bot_that_remembers_and_clears_the_storage_wins_what_it_was_shown(
    clicker, easy
):
    bot = clicker()
    for _ in range(3):
        for _ in range(easy["attempts"]):
            bot.attempt()
            bot.learn()
        bot.page.evaluate("localStorage.clear()")
        bot.reload()
    later = [one for one in bot.attempts if one["known"]]
    assert later, "it never met a question again"
    for one in later:
        assert set(one["known"]) <= set(one["right"]), "it forgot what it was shown"
    held(easy, bot.attempts)


def test_bot_that_reads_the_source_and_all_files_finds_no_key_and_guesses(
    visit, bots_page, graded, easy
):
    name = bots_page.rsplit("/", 1)[1]
    attempts: list[dict[str, Any]] = []
    for _ in range(3):
        bot = Clicker(visit(f"{graded.address}/book/{name}"))
        found, texts = scrape(bot.page)
        assert found == []
        assert sum(map(len, texts)) > 100_000
        assert not [word for word in SECRETS if any(word in text for text in texts)]
        bot.attempt()
        attempts += bot.attempts
    held(easy, attempts)


def test_bot_that_reads_all_that_an_exam_has_loaded_finds_no_key(visit, graded):
    page = visit(f"{graded.address}/book/exam.html")
    page.get_by_role("button", name="Start the exam").click()
    page.locator(".sc-question").wait_for()
    found, texts = scrape(page)
    assert found == []
    assert any("selfcheckAnswers" in text and "prompts" in text for text in texts)
    assert not [word for word in SECRETS if any(word in text for text in texts)]


def test_bot_that_reads_the_source_would_find_keys_in_clear(visit, toy_site, graded):
    leaky = toy.payload()
    for item in leaky["items"]:
        key = toy.ITEMS[item["id"]].key
        clear = base64.b64encode(json.dumps(key).encode()).decode()
        item["sealed"][0]["key"] = clear if key else None
    toy.write(toy_site, name="leaky.html", quiz=toy.section(leaky))
    found, _ = scrape(visit(f"{graded.address}/book/leaky.html"))
    assert set(found) == {name for name, item in toy.ITEMS.items() if item.key}
