"""A book of two pages with a quiz, built by Sphinx with MyST."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.selfcheck.sphinx_book import FIRST, SECOND, Book

from selfcheck import bundle, seal


def unsealed(data: dict, item: str, variant: int, field: str) -> dict:
    entry = next(entry for entry in data["items"] if entry["id"] == item)
    blob = entry["sealed"][variant]
    for part in field.split("."):
        blob = blob[int(part)] if isinstance(blob, list) else blob[part]
    label = seal.label(item, variant, field.replace("options.", "option."))
    label = label.replace("traps.", "trap.")
    return json.loads(seal.unseal(blob, data["salt"], label))


def test_a_page_with_a_quiz_builds_without_a_warning(site: Book):
    site.build()
    assert site.warnings == ""


def test_the_sealed_data_open_to_keys_and_rendered_refutations(site: Book):
    site.build()
    data = site.data()
    assert unsealed(data, "toy-loop", 1, "key") == {"text": "total 3\n"}
    trap = unsealed(data, "toy-loop", 0, "traps.0")
    assert trap["answer"] == {"text": "total 3\n"}
    assert '<code class="literal">range</code>' in trap["why"]
    right = unsealed(data, "toy-sum", 0, "key")["options"][0]
    assert unsealed(data, "toy-sum", 0, f"options.{right}")["right"] is True
    shown = re.search(
        rf'<li data-option="{right}">(.*?)</li>', article(site, "toy-sum")
    )
    assert '<span class="pre">2</span>' in shown[1]


def article(site: Book, item: str, variant: int = 0) -> str:
    found = re.search(
        rf'<article class="sc-item" data-item="{item}" data-variant="{variant}".*?'
        r"</article>",
        site.page(),
        re.DOTALL,
    )
    return found[0]


def test_every_question_can_be_read_without_a_script(site: Book):
    site.build()
    for item in ("toy-sum", "toy-types", "toy-word", "toy-order", "toy-double"):
        assert "sc-prompt" in article(site, item)
        assert " hidden" not in article(site, item).split(">")[0]
    assert article(site, "toy-sum").count("<li data-option") == 3
    assert "times seven" in article(site, "toy-product")
    assert "<noscript>" in site.page()


def test_code_in_prompts_is_highlighted_and_math_is_math(site: Book):
    site.build()
    assert '<div class="highlight-python' in article(site, "toy-sum")
    assert '<span class="k">for</span>' in article(site, "toy-loop")
    assert 'class="math' in article(site, "toy-sum")


def test_objectives_link_to_their_sections_on_either_page(site: Book):
    site.build()
    aims = site.data()["objectives"]
    assert aims["add"]["href"] == "#toy-add"
    assert aims["name"] | {"text": ""} == {
        "href": "second.html#toy-name",
        "title": "Naming",
        "text": "",
    }
    assert 'href="#toy-add"' in aims["add"]["text"]


def test_questions_and_refutations_stay_out_of_the_search_index(site: Book):
    site.build()
    index = (site.out / "searchindex.js").read_text(encoding="utf-8")
    words = set(re.findall(r'"([a-z]+)":', index))
    assert {"text", "ad", "noth"} & words, "the index itself is not found"
    for word in ("refut", "keyword", "imaginari", "multipl", "loop", "python"):
        assert word not in words, word


def test_only_pages_with_a_quiz_load_its_script(site: Book):
    site.build()
    assert "selfcheck/selfcheck.js" in site.page()
    assert "selfcheck/selfcheck.css" in site.page()
    assert "selfcheck.js" not in site.page("second")
    assert (site.out / "_static/selfcheck/selfcheck.js").is_file()


def test_a_changed_pool_makes_its_page_anew_and_only_that(
    site: Book, edit: Callable[[str, str], Path]
):
    site.build()
    before = (site.out / "second.html").stat().st_mtime_ns
    edit("title: A toy", "title: Another toy")
    site.build()
    assert site.data()["title"] == "Another toy"
    assert (site.out / "second.html").stat().st_mtime_ns == before


def test_other_library_versions_make_the_page_anew(
    site: Book, monkeypatch: pytest.MonkeyPatch
):
    site.build()
    before = (site.out / "index.html").stat().st_mtime_ns
    monkeypatch.setattr("selfcheck.keycache.versions", lambda book: {"numpy": "9"})
    site.build()
    assert (site.out / "index.html").stat().st_mtime_ns > before


def test_an_unknown_anchor_is_a_warning_at_its_line(
    site: Book, edit: Callable[[str, str], Path]
):
    path = edit("{anchor: toy-name,", "{anchor: toy-nome,")
    site.build()
    assert f"{path}:5: WARNING: objective `name`: expected the label" in site.warnings
    assert "(toy-nome)=" in site.warnings


def test_a_missing_pool_is_a_warning_at_the_directive(site: Book):
    site.write("second", SECOND + "\n```{quiz} tuy\n```\n")
    site.build()
    assert re.search(r"second\.md:8: WARNING: expected a pool at .*tuy", site.warnings)
    assert "pools in" in site.warnings and "toy" in site.warnings


def test_every_fault_of_a_pool_is_a_warning_at_its_line(
    site: Book, edit: Callable[[str, str], Path]
):
    edit("accept: [def]", "accept: [3]")
    path = edit("level: analyze", "level: hard")
    site.build()
    lines = re.findall(rf"{re.escape(str(path))}:(\d+): WARNING", site.warnings)
    assert len(lines) == 2
    assert "sc-item" not in site.page()


def test_a_failing_key_is_a_warning_and_the_other_items_stay(
    site: Book, edit: Callable[[str, str], Path]
):
    path = edit("evidence: assert 1 + 1 == 2", "evidence: assert 1 + 1 == 3")
    line = path.read_text().splitlines().index("    evidence: assert 1 + 1 == 3") + 1
    site.build()
    assert f"{path}:{line}: WARNING: toy-sum: `evidence`" in site.warnings
    assert "toy-sum" not in site.page() and "toy-loop" in site.page()


def test_a_bad_reference_in_a_refutation_is_a_warning_at_its_line(
    site: Book, edit: Callable[[str, str], Path]
):
    path = edit("A range stops before its end, so", "A range {ref}`nowhere` stops, so")
    lines = path.read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "nowhere" in text)
    site.build()
    assert f"{path}:{line}: WARNING: undefined label: 'nowhere'" in site.warnings


def test_bad_markup_in_a_prompt_is_a_warning_at_its_line(
    site: Book, edit: Callable[[str, str], Path]
):
    path = edit("What does the loop print?", "What {does}`the` loop print?")
    lines = path.read_text().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "{does}" in text)
    site.build()
    assert f'{path}:{line}: WARNING: Unknown interpreted text role "does"' in (
        site.warnings
    )


def test_a_missing_bundle_stops_the_build_and_says_what_to_run(site: Book):
    (bundle.DIST / bundle.PRODUCTS[0]).unlink()
    with pytest.raises(Exception, match=r"python -m selfcheck\.bundle"):
        site.build()


def test_parallel_reading_gives_the_same_page(site: Book):
    site.write("third", "# Third\n\nMore.\n")
    site.write("index", FIRST + "\n```{toctree}\nsecond\nthird\n```\n")
    site.build(jobs=2)
    assert site.warnings == ""
    assert "selfcheck/selfcheck.js" in site.page()
    first = site.page()
    site.build(jobs=1)
    assert site.data()["salt"] in first


def test_a_text_build_shows_questions_without_refutations(site: Book):
    site.build("text")
    text = (site.out.with_name("text") / "index.txt").read_text(encoding="utf-8")
    assert "Which keyword defines a function?" in text
    assert "spell it out" not in text


def test_the_page_is_the_same_when_it_is_built_twice(site: Book):
    site.build()
    first = site.page()
    site.write("index", FIRST + "\n```{toctree}\nsecond\n```\n\n")
    site.build()
    strip = re.compile(r'<footer.*?</footer>|<div class="footer".*', re.DOTALL)
    assert strip.sub("", site.page()) == strip.sub("", first)
