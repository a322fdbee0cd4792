"""The quiz on paper: questions with room to write, no button, no answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from . import looks, toy, toy_exam

SECRETS = ("KEYREASON", "REFUTED-BY", "LISTGROWS", "ADDSUP", "DISCUSSION", "MAKESFOUR")
PAPER = {"viewport": {"width": 680, "height": 960}}


@pytest.fixture
def printed(take, toy_url):
    """Open the toy quiz, and lay it out as a printer would."""

    def on_paper(reader):
        reader.page.emulate_media(media="print")
        reader.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        return reader.page.locator(".sc-paper > article:visible")

    reader = take(toy_url, **PAPER)
    reader.on_paper = lambda: on_paper(reader)
    return reader


def prints(page: Page) -> list[int]:
    """How many questions stand in the page while it is printed, and afterwards."""
    page.evaluate(
        """() => {
            window.counted = [];
            const count = () => counted.push(
                document.querySelectorAll('.sc-paper > article').length);
            for (const when of ['beforeprint', 'afterprint'])
                addEventListener(when, count);
        }"""
    )
    page.pdf()
    return page.evaluate("counted")


def test_browser_that_prints_gets_all_questions_and_the_screen_gets_its_own_back(
    printed,
):
    assert prints(printed.page) == [len(toy.ITEMS), 0]
    expect(printed.button("Start the quiz")).to_be_visible()


def test_quiz_that_is_not_begun_prints_every_question_with_its_options(printed):
    articles = printed.on_paper()
    expect(articles).to_have_count(len(toy.ITEMS))
    for item, article in zip(toy.ITEMS.values(), articles.all(), strict=True):
        shown = article.inner_text()
        for text, _, _ in item.options:
            assert re.sub("<.*?>", "", text) in shown
        assert all(line in shown for line in item.lines)
        assert not item.starter or item.starter.strip() in shown


def test_paper_holds_no_answer_and_no_button(printed):
    printed.on_paper()
    text = printed.page.locator("body").inner_text()
    assert not [secret for secret in SECRETS if secret in text]
    expect(printed.page.locator(".sc-quiz button:visible")).to_have_count(0)
    expect(printed.page.locator(".sc-live")).to_be_hidden()


def test_typed_answers_get_ruled_lines_and_choices_a_box_for_each_option(printed):
    articles = printed.on_paper()
    height = "e => parseFloat(getComputedStyle(e, '::after').height) || 0"
    box = "e => getComputedStyle(e, '::before').borderTopStyle"
    for item, article in zip(toy.ITEMS.values(), articles.all(), strict=True):
        if item.type in ("output", "numeric", "text", "code"):
            assert article.evaluate(height) >= 30, item.id
        else:
            row = article.locator(".sc-options > li").first
            assert row.evaluate(box) == "solid", item.id


def test_open_attempt_prints_what_it_asks_in_its_order(printed):
    printed.start()
    order = {entry["id"]: entry["order"] for entry in printed.attempt()["items"]}
    articles = printed.on_paper().all()
    assert len(articles) == len(order) == 8
    for article, (name, places) in zip(articles, order.items(), strict=True):
        shown = article.locator(".sc-options > li").all_inner_texts()
        item = toy.ITEMS[name]
        written = [text for text, _, _ in item.options] or item.lines
        wanted = [re.sub("<.*?>", "", written[place]) for place in places]
        assert [text.strip() for text in shown] == wanted


def test_result_prints_as_it_stands(printed):
    printed.start()
    printed.end()
    expect(printed.on_paper()).to_have_count(0)
    expect(printed.quiz.locator(".sc-result")).to_be_visible()
    expect(printed.quiz.locator(".sc-missed")).to_be_visible()


def test_paper_is_black_on_white_whatever_the_theme(printed):
    printed.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    articles = printed.on_paper()
    colors = articles.first.evaluate(
        """e => [...e.querySelectorAll('*')].map(one => getComputedStyle(one).color)"""
    )
    assert set(colors) == {"rgb(0, 0, 0)"}
    ground = printed.quiz.evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert looks.overflow(printed.page) <= 0


def test_begun_exam_prints_questions_of_all_its_pools(take, graded):
    reader = take(f"{graded.address}/book/exam.html", toy_exam.SLUG, **PAPER)
    assert prints(reader.page) == [0, 0]
    reader.start()
    assert prints(reader.page)[0] == 13


def test_page_without_javascript_prints_every_question_with_room(visit, toy_url):
    page = visit(toy_url, java_script_enabled=False, **PAPER)
    page.emulate_media(media="print")
    expect(page.locator(".sc-item:visible")).to_have_count(len(toy.ITEMS))
    assert "selfcheck take toy" in page.content()
