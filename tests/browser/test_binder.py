"""Binder: a stand-in for the hub, a real Jupyter server on another origin."""

import pytest
from playwright.sync_api import expect

from . import fakes, servers, toy, toy_pools
from .conftest import PROGRAM, host
from .taker import Taker


@pytest.fixture(scope="module")
def far(browser, tmp_path_factory):
    """A Jupyter server as Binder starts one: another origin, entered by a token."""
    root = tmp_path_factory.mktemp("far")
    with servers.jupyter_server(root, toy_pools.write(root / "quizzes")) as server:
        yield server


@pytest.fixture
def hub(toy_site):
    """A static host of the toy book whose page names a hub."""
    with fakes.serving(toy_site) as state:
        spot = f' data-binder="gh/org/repo/main" data-binderhub="{state.address}"'
        toy.write(toy_site, name="binder.html", binder=spot)
        yield state


def ready(far: servers.Server) -> list[dict[str, str]]:
    return [
        {"phase": "building", "message": "Step 1/9"},
        {"phase": "launching", "message": "Launching"},
        {"phase": "ready", "url": f"{far.address}/", "token": far.token},
    ]


def test_binder_is_asked_on_a_click_only_and_then_runs_cells_and_grades(
    hub, far, visit
):
    asked = []
    hub.hub = lambda: asked.append(1) or ready(far)
    page = visit(f"{hub.address}/binder.html", hosts=(host(far.address),))
    page.get_by_role("button", name="Run live").click()
    expect(page.locator(".sc-live")).to_contain_text("make serve")
    assert asked == []
    page.locator(".sc-live").get_by_role("button", name="Connect to Binder").click()
    expect(page.locator(".sc-live")).to_contain_text(
        "kernel ready on Binder", timeout=30_000
    )
    cell = page.locator("div.cell").first
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.locator(".cell_output")).to_contain_text("6", timeout=30_000)

    reader = Taker(page, toy.QUIZ, {})
    reader.start()
    while reader.item["type"] != "code":
        reader.onward()
    reader.write(PROGRAM)
    reader.button("Run example").click()
    expect(reader.verdict).to_contain_text("42", timeout=60_000)
    expect(reader.grade("def double(x):\n    return x\n")).to_contain_text("double(1)")
    expect(reader.grade(PROGRAM)).to_contain_text("Right.")
    assert not far.token_in(page.content())
    assert not far.token_in(page.evaluate("JSON.stringify(localStorage)"))
    assert len(asked) == 1


def test_a_book_that_binder_serves_itself_runs_cells_and_grades(
    browser, toy_site, tmp_path, visit
):
    pools = toy_pools.write(tmp_path / "quizzes")
    with servers.jupyter_server(tmp_path, pools, site=toy_site) as server:
        page = visit(server.enter("toy.html"))
        assert page.url == f"{server.address}/book/toy.html"
        page.get_by_role("button", name="Run live").click()
        expect(page.locator(".sc-live")).to_contain_text("kernel ready", timeout=30_000)
        cell = page.locator("div.cell").first
        cell.get_by_role("button", name="Run", exact=True).click()
        expect(cell.locator(".cell_output")).to_contain_text("6", timeout=30_000)
        reader = Taker(page, toy.QUIZ, {})
        reader.start()
        while reader.item["type"] != "code":
            reader.onward()
        expect(reader.grade(PROGRAM)).to_contain_text("Right.")


def test_a_failed_launch_shows_binders_reason_and_can_be_tried_again(hub, visit):
    hub.hub = lambda: [{"phase": "failed", "message": "no such repository"}]
    page = visit(f"{hub.address}/binder.html")
    page.get_by_role("button", name="Run live").click()
    connect = page.locator(".sc-live").get_by_role("button", name="Connect to Binder")
    connect.click()
    expect(page.locator(".sc-live")).to_contain_text("no such repository")
    expect(connect).to_be_enabled()


def test_a_hub_that_ends_without_a_server_is_said(hub, visit):
    hub.hub = lambda: [{"phase": "building", "message": "Step 1/9"}]
    page = visit(f"{hub.address}/binder.html")
    page.get_by_role("button", name="Run live").click()
    page.locator(".sc-live").get_by_role("button", name="Connect to Binder").click()
    expect(page.locator(".sc-live")).to_contain_text("You can try again")
