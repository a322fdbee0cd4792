"""The coding question and the live cells on a real server, kernel, and grader."""

import re

import pytest
from playwright.sync_api import expect

from . import looks, servers, toy, toy_pools
from .conftest import PROGRAM
from .taker import Taker


@pytest.fixture(scope="module")
def pools(tmp_path_factory):
    return toy_pools.write(tmp_path_factory.mktemp("pools") / "quizzes")


@pytest.fixture(scope="module")
def server(browser, toy_site, pools):
    with servers.book_server(toy_site, pools) as running:
        yield running


@pytest.fixture(scope="module")
def coder(browser, server, toy_site):
    """A reader at the coding question, who keeps one attempt for all programs."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(server.enter("toy.html"))
    reader = Taker(page, toy.QUIZ, {})
    reader.start()
    while reader.item["type"] != "code":
        reader.onward()
    yield reader
    page.context.close()


def test_real_grader_tells_the_failing_check_and_its_section(coder):
    said = coder.grade("def double(x):\n    return x + 1\n")
    expect(said).to_contain_text("Not right.")
    expect(said).to_contain_text("double(0)")
    expect(said.get_by_role("link", name="Counting")).to_be_visible()


def test_real_grader_stops_an_endless_program_and_says_so(coder):
    said = coder.grade("def double(x):\n    while True:\n        pass\n")
    expect(said).to_contain_text("did not end in time and was stopped")
    expect(said).to_contain_text("2 s")


def test_real_grader_survives_a_program_that_kills_its_process(coder):
    said = coder.grade("import os\nos.abort()\n")
    expect(said).to_contain_text("took its process down")


def test_real_grader_shows_where_a_program_raised(coder):
    said = coder.grade("def double(x):\n    return undefined_name\n")
    expect(said).to_contain_text("undefined_name")


def test_real_example_runs_and_the_right_program_settles_the_question(coder):
    coder.write(PROGRAM)
    coder.button("Run example").click()
    expect(coder.verdict).to_contain_text("42")
    expect(coder.grade(PROGRAM)).to_contain_text("Right.")


def test_token_stands_nowhere_in_the_page_nor_in_its_storage(coder, server):
    page = coder.page
    assert "token" not in page.url
    assert not server.token_in(page.content())
    assert not server.token_in(page.evaluate("JSON.stringify(localStorage)"))


class Live:
    """A page whose cells run."""

    def __init__(self, page) -> None:
        self.page = page
        self.bar = page.locator(".sc-live")
        self.said = self.bar.get_by_role("status")

    def start(self) -> None:
        self.page.get_by_role("button", name="Run live").click()
        self.ready()

    def ready(self) -> None:
        expect(self.said).to_contain_text("kernel ready", timeout=30_000)

    def cell(self, name: str):
        return self.page.locator("div.cell").nth(list(toy.CELLS).index(name))

    def run(self, name: str, ends: str = "done", timeout: float = 20_000):
        cell = self.cell(name)
        cell.get_by_role("button", name="Run", exact=True).click()
        if ends:
            expect(cell.get_by_role("status")).to_contain_text(ends, timeout=timeout)
        return cell.locator(".cell_output")

    def write(self, name: str, source: str) -> None:
        self.cell(name).locator(".cm-content").focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)


@pytest.fixture(scope="module")
def live(browser, server):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(20_000)
    page.goto(server.enter("toy.html"))
    live = Live(page)
    live.start()
    yield live
    page.context.close()


def test_live_cell_shows_the_value_of_its_last_expression(live):
    expect(live.run("sum")).to_contain_text("6")


def test_live_cell_shows_a_figure_with_a_description(live):
    picture = live.run("figure").get_by_role("img")
    expect(picture).to_have_attribute("alt", re.compile("Figure size"))
    assert picture.evaluate("image => image.naturalWidth") > 100


def test_progress_bars_write_over_their_line(live):
    output = live.run("progress")
    assert output.inner_text().strip() == "a-done/3"


def test_clear_output_takes_away_what_stood_there(live):
    output = live.run("clear")
    expect(output).to_have_text("kept")
    expect(output.locator("b")).to_have_text("kept")


def test_traceback_is_colored_text_without_escape_codes(live):
    output = live.run("error", ends="stopped with an error")
    expect(output).to_contain_text("ZeroDivisionError: division by zero")
    assert "\x1b" not in output.inner_text()
    expect(output.locator(".sc-ansi-1").first).to_be_visible()


def test_edited_cell_runs_as_edited_and_reset_brings_the_book_back(live):
    live.write("sum", "print('edited')")
    expect(live.run("sum")).to_have_text("edited")
    live.cell("sum").get_by_role("button", name="Reset").click()
    expect(live.cell("sum").locator(".cm-content")).to_contain_text("import numpy")


def test_run_to_here_stops_at_the_first_error(live):
    live.cell("endless").get_by_role("button", name="Run to here").click()
    expect(live.cell("error").get_by_role("status")).to_have_text(
        "stopped with an error"
    )
    expect(live.cell("endless").get_by_role("status")).to_have_text("not run")
    expect(live.cell("clear").get_by_role("status")).to_contain_text("done")


def test_shift_enter_runs_the_cell(live):
    live.cell("progress").locator(".cm-content").focus()
    live.page.keyboard.press("Shift+Enter")
    expect(live.cell("progress").get_by_role("status")).to_contain_text("done")


def test_a_flood_of_output_is_capped(live):
    live.write("sum", "for i in range(100_000):\n    print(i, 'x' * 20)")
    output = live.run("sum", timeout=30_000)
    expect(output).to_contain_text("is not shown")
    assert len(output.inner_text()) < 300_000


def test_endless_cell_is_interrupted(live):
    live.run("endless", ends="runs")
    live.cell("endless").get_by_role("button", name="Interrupt").click()
    output = live.cell("endless").locator(".cell_output")
    expect(output).to_contain_text("KeyboardInterrupt")
    live.ready()


def test_killed_kernel_is_said_and_the_next_run_works(live):
    live.run("die", ends="the kernel died while this ran", timeout=30_000)
    expect(live.said).to_contain_text("The kernel died and was started anew")
    live.write("sum", "'x' in globals()")
    expect(live.run("sum")).to_have_text("False")


def test_restart_forgets_the_variables(live):
    live.write("sum", "kept = 1")
    live.run("sum")
    live.bar.get_by_role("button", name="Restart").click()
    expect(live.said).to_contain_text("Restarted")
    live.write("sum", "'kept' in globals()")
    expect(live.run("sum")).to_have_text("False")


def test_restart_ends_a_cell_that_never_would(live):
    live.run("endless", ends="runs")
    live.bar.get_by_role("button", name="Restart").click()
    said = live.cell("endless").get_by_role("status")
    expect(said).to_have_text("stopped by the restart")
    expect(live.said).to_contain_text("Restarted")


def test_kernel_shut_down_elsewhere_is_said_and_a_new_one_can_be_started(live):
    shut_down = """async () => {
        const xsrf = document.cookie.match(/_xsrf=([^;]*)/)[1];
        const kernels = await (await fetch('/api/kernels')).json();
        for (const {id} of kernels) {
            const headers = {'X-XSRFToken': xsrf};
            await fetch('/api/kernels/' + id, {method: 'DELETE', headers});
        }
    }"""
    live.page.evaluate(shut_down)
    live.run("sum", ends="the kernel died while this ran")
    expect(live.said).to_contain_text("The kernel is gone")
    live.bar.get_by_role("button", name="Start a new kernel").click()
    live.ready()
    live.run("sum")


def test_live_cells_have_no_accessibility_violation_in_either_theme(live):
    live.run("error", ends="stopped with an error")
    live.run("figure", ends="")
    for theme in ("light", "dark"):
        live.page.evaluate("t => document.documentElement.dataset.theme = t", theme)
        assert looks.complaints(live.page, [".sc-live", "div.cell"]) == [], theme
        assert looks.overflow(live.page) <= 0


def test_a_server_that_ends_under_a_live_page_is_said(toy_site, pools, visit):
    with servers.book_server(toy_site, pools) as ends:
        page = visit(ends.enter("toy.html"))
        live = Live(page)
        live.start()
    expect(live.said).to_contain_text("The server does not answer", timeout=30_000)
    live.bar.get_by_role("button", name="Start a new kernel").click()
    expect(live.said).to_contain_text("The server does not answer")
    expect(live.bar.get_by_role("button", name="Start a new kernel")).to_be_enabled()


def test_leaving_the_page_shuts_its_kernel_down(live, server, visit):
    live.page.goto("about:blank")
    page = visit(server.enter("toy.html"))
    for _ in range(50):
        kernels = page.evaluate("fetch('/api/kernels').then(r => r.json())")
        if not kernels:
            break
        page.wait_for_timeout(100)
    assert kernels == []
