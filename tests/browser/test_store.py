"""Progress in the browser: never lost, whatever happens to the storage."""

import json

from playwright.sync_api import expect

from selfcheck import progress

KEY = "selfcheck:toy-book"


def storage(page) -> dict[str, str]:
    return json.loads(page.evaluate("JSON.stringify(localStorage)"))


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
    newer = json.dumps({"schema": 2, "book": "toy-book", "quizzes": {}})
    reader.page.evaluate("([k, v]) => localStorage.setItem(k, v)", [KEY, newer])
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
    text = json.dumps(other)
    reader.page.evaluate("([k, v]) => localStorage.setItem(k, v)", [KEY, text])
    reader.fill(reader.right())
    reader.button("Check answer").click()
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


def test_an_item_that_changed_since_is_asked_anew_and_a_lost_one_ends_the_attempt(
    take, toy_url, toy_site
):
    reader = take(toy_url)
    reader.start()
    while reader.item["type"] == "code":
        reader.onward()
    name = reader.item["id"]
    reader.answer(right=True)
    path, html = toy_site / "toy.html", (toy_site / "toy.html").read_text("utf-8")
    try:
        revised = html.replace(f'"{name}", "rev": "r1"', f'"{name}", "rev": "r2"')
        assert revised != html
        path.write_text(revised, "utf-8")
        reader.page.reload()
        entry = next(e for e in reader.attempt()["items"] if e["id"] == name)
        assert (entry["rev"], entry["state"], entry["tries"]) == ("r2", "open", [])
        path.write_text(html.replace(f'{{"id": "{name}"', '{"id": "toy-new"'), "utf-8")
        reader.page.reload()
        expect(reader.button("Start the quiz")).to_be_visible()
    finally:
        path.write_text(html, "utf-8")


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
