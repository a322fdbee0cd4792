"""Progress in the browser: never lost, whatever happens to the storage."""

import copy
import json
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from selfcheck import progress, stamps, state

KEY = "selfcheck:toy-book"
CLEARED = "erased in this browser, so the quiz begins anew"


def storage(page) -> dict[str, str]:
    return json.loads(page.evaluate("JSON.stringify(localStorage)"))


def put(page, key: str, value) -> None:
    """Store a text, or anything else as JSON, as another program would."""
    text = value if isinstance(value, str) else json.dumps(value)
    page.evaluate("([k, v]) => localStorage.setItem(k, v)", [key, text])


def record(quiz, schema: int = 2):
    return {"schema": schema, "book": "toy-book", "quizzes": {"toy": quiz}}


def lived(data, *events, start=None, at: str | None = None):
    """Return what the terminal's core makes of events on the page's own data."""
    now = start
    for event in events:
        now = state.reduce(data, now, {"now": at or progress.now()} | event)
    return now


def failed(data, at: str):
    """Return a quiz whose first round was failed, its gate shut."""
    ends = [{"type": "start", "seed": "a"}, {"type": "finish"}]
    return lived(data, *ends, {"type": "start", "seed": "b"}, ends[1], at=at)


def browser_time(page) -> datetime:
    return datetime.fromisoformat(page.evaluate("new Date().toISOString()"))


def test_unreadable_progress_is_put_aside_and_said(take, toy_url):
    reader = take(toy_url)
    reader.page.evaluate(f"localStorage.setItem('{KEY}', '{{broken')")
    reader.page.reload()
    expect(reader.quiz).to_contain_text("could not be read. It was put aside")
    reader.start()
    kept = storage(reader.page)
    aside = [name for name in kept if name.startswith(f"{KEY}:unreadable:")]
    assert [kept[name] for name in aside] == ["{broken"]
    assert json.loads(kept[KEY])["quizzes"]["toy"]["rounds"]


def test_progress_of_a_newer_version_is_left_as_it_is(take, toy_url):
    reader = take(toy_url)
    newer = json.dumps({"schema": 3, "book": "toy-book", "quizzes": {}})
    put(reader.page, KEY, newer)
    reader.page.reload()
    expect(reader.quiz).to_contain_text("written by a newer version of the book")
    reader.start()
    assert storage(reader.page)[KEY] == newer


def test_blocked_storage_is_said_and_the_quiz_goes_on(visit, toy_url):
    page = visit("about:blank")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', "
        "{get() { throw new DOMException('denied', 'SecurityError'); }});"
    )
    page.goto(toy_url)
    quiz = page.locator(".sc-quiz")
    expect(quiz).to_contain_text("does not let the page store anything")
    quiz.get_by_role("button", name="Start the quiz").click()
    quiz.get_by_role("button", name="Later; next question").click()
    expect(quiz.locator("legend")).to_contain_text("Question 2 of 8")


def test_full_storage_is_said_and_answers_are_kept_until_the_page_closes(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.page.evaluate(
        "() => { Storage.prototype.setItem = () => {"
        " throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    while reader.item["type"] == "code":
        reader.onward()
    place = reader.quiz.locator(".sc-step[aria-current]")
    reader.answer(right=True)
    expect(reader.quiz).to_contain_text("storage is full")
    expect(place).to_contain_text("right")
    reader.onward()
    expect(reader.quiz.locator(".sc-step-right")).to_have_count(1)


def test_second_tab_follows_the_first_and_neither_overwrites_the_other(take, toy_url):
    one = take(toy_url)
    one.start()
    page = one.page.context.new_page()
    page.goto(toy_url)
    two = type(one)(page, one.slug, one.programs)
    while one.item["type"] == "code":
        one.onward()
    one.answer(right=True)
    expect(two.quiz).to_contain_text("This quiz went on in another tab")
    expect(two.quiz.locator(".sc-step-right")).to_have_count(1)
    two.quiz.locator(".sc-step-open").first.click()
    while two.item["type"] == "code":
        two.onward()
    two.answer(right=True)
    expect(one.quiz.locator(".sc-step-right")).to_have_count(2)
    states = [entry["state"] for entry in one.attempt()["items"]]
    assert states.count("right") == 2
    page.close()


def test_answer_to_a_state_that_another_tab_changed_is_not_counted(take, toy_url):
    reader = take(toy_url)
    reader.start()
    while reader.item["type"] == "code":
        reader.onward()
    # another tab that this one has not heard of: storage events do not come here
    other = json.loads(storage(reader.page)[KEY])
    other["quizzes"]["toy"]["rounds"][-1]["attempts"][-1]["seed"] = "elsewhere"
    put(reader.page, KEY, other)
    reader.fill(reader.right())
    reader.submit()
    expect(reader.quiz).to_contain_text("This quiz went on in another tab")
    assert all(not entry["tries"] for entry in reader.attempt()["items"])


def test_progress_saved_to_a_file_can_be_loaded_in_another_browser(
    take, toy_url, tmp_path
):
    reader = take(toy_url)
    reader.start()
    while reader.item["type"] == "code":
        reader.onward()
    reader.answer(right=True)
    reader.quiz.locator(".sc-files > summary").click()
    with reader.page.expect_download() as download:
        reader.button("Save to a file").click()
    assert download.value.suggested_filename == "toy-book-progress.json"
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    stored = reader.stored()
    in_terminal = progress.parse(file.read_text("utf-8"))
    assert in_terminal["quizzes"]["toy"] == stored

    other = take(toy_url)
    other.quiz.locator(".sc-files > summary").click()
    other.quiz.locator(".sc-file").set_input_files(file)
    expect(other.quiz).to_contain_text("Loaded: toy")
    assert other.stored() == stored
    expect(other.quiz.locator(".sc-step-right")).to_have_count(1)


def test_a_file_that_is_no_progress_changes_nothing(take, toy_url, tmp_path):
    reader = take(toy_url)
    reader.start()
    stored = reader.stored()
    reader.quiz.locator(".sc-files > summary").click()
    for name, text, complaint in (
        ("a.json", "not json", "this is not JSON"),
        ("b.json", "{}", "they are missing"),
        ("c.json", '{"schema": 1, "quizzes": {"toy": {}}}', "no rounds of attempts"),
        (
            "e.json",
            '{"schema":1,"quizzes":{"toy":{"seen":{},"retired":{},"rounds":[{}]}}}',
            "no rounds of attempts",
        ),
        ("f.json", '{"schema": 1, "book": "b", "quizzes": {}}', "this is of “b”"),
        ("d.json", '{"schema": 7, "quizzes": {}}', "newer version of the book"),
    ):
        (tmp_path / name).write_text(text)
        reader.quiz.locator(".sc-file").set_input_files(tmp_path / name)
        expect(reader.quiz.locator(".sc-files")).to_contain_text(complaint)
        expect(reader.quiz.locator(".sc-files")).to_contain_text("Nothing was changed")
    assert reader.stored() == stored


def test_a_new_edition_keeps_settled_answers_and_replaces_what_is_open(
    take, toy_url, toy_site
):
    reader = take(toy_url)
    reader.start()
    reader.seek("choice")
    settled = reader.item["id"]
    reader.answer(right=True)
    before = reader.attempt()["items"]
    still_open = [e["id"] for e in before if e["state"] == "open"]
    choices = [name for name in still_open if name.startswith("toy-choice")]
    revised, gone = choices
    path, html = toy_site / "toy.html", (toy_site / "toy.html").read_text("utf-8")
    changed = html.replace(f'{{"id": "{gone}"', '{"id": "toy-new"')
    for name in (settled, revised):
        changed = changed.replace(f'"{name}", "rev": "r1"', f'"{name}", "rev": "r2"')
    assert changed.count('"rev": "r2"') == 2 and "toy-new" in changed
    try:
        path.write_text(changed, "utf-8")
        reader.page.reload()
        expect(reader.quiz).to_contain_text("The book has changed")
        after = reader.attempt()["items"]
    finally:
        path.write_text(html, "utf-8")
    found = {entry["id"]: entry for entry in after}
    assert found[settled] == next(e for e in before if e["id"] == settled)
    assert (found[revised]["rev"], found[revised]["tries"]) == ("r2", [])
    assert gone not in found and len(after) == 8
    assert [e["stratum"] for e in after] == [e["stratum"] for e in before]


def test_a_record_of_schema_1_goes_on_with_all_its_answers(take, toy_url):
    reader = take(toy_url)
    data, now = reader.data, "2026-03-01T10:00:00.000Z"
    new = lived(data, {"type": "start", "seed": "a"}, at=now)
    names = [entry["id"] for entry in state.current(new)["items"]]
    said = {"type": "answer", "answer": {"text": "x"}, "right": True}
    new = lived(data, *({**said, "item": n} for n in names[:3]), start=new, at=now)
    old = {key: copy.deepcopy(new[key]) for key in ("rounds", "seen", "retired")}
    for entry in old["rounds"][0]["attempts"][0]["items"]:
        del entry["stratum"]
    put(reader.page, KEY, record(old, schema=1))
    reader.page.reload()
    expect(reader.quiz.locator(".sc-step-right")).to_have_count(3)
    kept = json.loads(storage(reader.page)[KEY])
    assert kept["schema"] == 2
    assert kept["quizzes"]["toy"] == new


def test_storage_cleared_by_the_reader_is_forgotten_and_not_written_back(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.seek("output", "numeric", "text")
    reader.fill({"text": "typed"})
    reader.page.evaluate("localStorage.clear()")
    reader.submit()
    expect(reader.quiz).to_contain_text(CLEARED)
    expect(reader.button("Start the quiz")).to_be_visible()
    kept = storage(reader.page).get(KEY, '{"quizzes": {}}')
    assert json.loads(kept)["quizzes"] == {}
    reader.start()
    assert len(reader.stored()["rounds"]) == 1
    assert sum(reader.stored()["seen"].values()) == 8


def test_storage_cleared_in_another_tab_is_noticed_without_a_click(take, toy_url):
    reader = take(toy_url)
    reader.start()
    other = reader.page.context.new_page()
    other.goto(toy_url)
    other.evaluate("localStorage.clear()")
    expect(reader.quiz).to_contain_text(CLEARED)
    expect(reader.button("Start the quiz")).to_be_visible()
    other.close()


def test_storage_cleared_in_the_settings_is_noticed_when_the_page_is_seen_again(
    take, toy_url
):
    reader = take(toy_url)
    reader.start()
    reader.page.evaluate(
        "localStorage.clear(); document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(reader.button("Start the quiz")).to_be_visible()


def test_a_record_damaged_while_the_page_is_open_is_put_aside_and_said(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.seek("choice")
    reader.fill(reader.right())
    damaged = json.loads(storage(reader.page)[KEY])
    damaged["quizzes"]["toy"]["deck"] = {"toy-choice-1": {"box": "three"}}
    put(reader.page, KEY, damaged)
    reader.submit()
    expect(reader.quiz).to_contain_text("could not be read. It was put aside")
    expect(reader.button("Start the quiz")).to_be_visible()
    kept = storage(reader.page)
    aside = [kept[name] for name in kept if name.startswith(f"{KEY}:unreadable:")]
    assert [json.loads(text) for text in aside] == [damaged]


def test_parts_of_a_record_that_no_rule_can_use_are_told_apart(take, toy_url):
    reader = take(toy_url)
    whole = failed(reader.data, "2026-03-01T10:00:00.000Z")
    for part, value in (
        ("gate", {"since": "2026-02-30T00:00:00.000Z", "sections": []}),
        ("retired", {"toy-choice-1": "tomorrow"}),
        ("reviews", [None]),
        ("seen", []),
        ("deck", {"toy-choice-1": None}),
    ):
        put(reader.page, KEY, record(whole | {part: value}))
        reader.page.reload()
        expect(reader.quiz).to_contain_text("could not be read. It was put aside")
    put(reader.page, KEY, record(whole))
    reader.page.reload()
    expect(reader.quiz.locator(".sc-gate")).to_be_visible()
    expect(reader.quiz).not_to_contain_text("could not be read")


def test_a_clock_set_back_locks_nobody_out_for_longer_than_one_wait(take, toy_url):
    reader = take(toy_url)
    page = reader.page
    page.clock.install()
    future = browser_time(page) + timedelta(days=400)
    shut = failed(reader.data, stamps.write(future))
    shut["gate"]["sections"] = []
    put(page, KEY, record(shut))
    page.reload()
    again = reader.quiz.locator(".sc-again .sc-button").first
    expect(again).to_have_attribute("aria-disabled", "true")
    stored = reader.stored()
    now = browser_time(page).replace(tzinfo=UTC)
    assert datetime.fromisoformat(stored["gate"]["since"]) <= now
    longest = now + timedelta(days=reader.data["retire"])
    assert max(map(datetime.fromisoformat, stored["retired"].values())) <= longest
    tomorrow = now + timedelta(days=1)
    dues = [datetime.fromisoformat(card["due"]) for card in stored["deck"].values()]
    assert max(dues) <= tomorrow
    page.clock.fast_forward("11:00")
    expect(again).to_have_attribute("aria-disabled", "false")
    again.click()
    reader.question.wait_for()
    assert len(reader.stored()["rounds"]) == 2


def test_a_gate_that_another_tab_opens_is_open_here(take, toy_url):
    reader = take(toy_url)
    shut = failed(reader.data, "2026-03-01T10:00:00.000Z")
    assert shut["gate"]["sections"]
    shut["gate"]["sections"] = ["count"]
    put(reader.page, KEY, record(shut))
    other = reader.page.context.new_page()
    other.goto("about:blank")
    reader.page.reload()
    stored = copy.deepcopy(reader.stored())
    if stored["gate"]["sections"]:  # the heading may have been in view already
        opened = lived(
            reader.data, {"type": "visit", "objective": "count"}, start=stored
        )
        other.goto(toy_url)
        put(other, KEY, record(opened))
    again = reader.quiz.locator(".sc-again .sc-button").first
    expect(again).to_have_attribute("aria-disabled", "false")
    other.close()


def test_page_and_command_line_continue_each_other_s_record(take, toy_url, tmp_path):
    reader = take(toy_url)
    reader.start()
    reader.seek("choice")
    reader.answer(right=False)
    reader.quiz.locator(".sc-files > summary").click()
    with reader.page.expect_download() as download:
        reader.button("Save to a file").click()
    file = tmp_path / "from-page.json"
    download.value.save_as(file)

    store = progress.Store("toy-book", tmp_path / "terminal.json")
    assert store.import_from(file) == ["toy"]
    assert store.quiz("toy") == reader.stored()
    (family,) = store.quiz("toy")["deck"]
    card = store.quiz("toy")["deck"][family]
    assert card["alarm"], "wrong, and sure of it"
    ask = {"type": "ask", "family": family, "now": card["due"]}
    store.apply(reader.data, ask)
    right = {"right": True, "answer": {"options": [1]}, "confidence": "sure"}
    store.apply(reader.data, ask | right | {"type": "review"})
    entry = state.current(store.quiz("toy"))["items"][-1]
    store.apply(reader.data, {"type": "give_up", "item": entry["id"]})
    store.export_to(tmp_path / "from-terminal.json")

    reader.quiz.locator(".sc-file").set_input_files(tmp_path / "from-terminal.json")
    expect(reader.quiz).to_contain_text("Loaded: toy")
    assert reader.stored() == store.quiz("toy")
    assert len(reader.stored()["reviews"]) == 1


def test_erasing_asks_twice(take, toy_url):
    reader = take(toy_url)
    reader.start()
    reader.quiz.locator(".sc-files > summary").click()
    reader.button("Erase this quiz").click()
    expect(reader.button("Cancel")).to_be_focused()
    reader.button("Cancel").click()
    assert len(reader.stored()["rounds"]) == 1
    reader.button("Erase this quiz").click()
    reader.button("Erase this quiz").click()
    assert reader.stored()["rounds"] == []
    expect(reader.button("Start the quiz")).to_be_visible()
