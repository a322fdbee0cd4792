"""Nothing sealed can be read anywhere in a built site, whatever it hides in."""

import json
from pathlib import Path

import pytest
from tests.selfcheck.sphinx_book import Book

from selfcheck import config, exam, keys, leaks, load, notebook, payload
from selfcheck.texts import texts

TRAP = "You let the loop reach its bound; `range` stops before its end."


@pytest.fixture
def hidden(pools: Path) -> dict[str, str]:
    reference = pools / "toy" / "toy-double" / "right" / "reference.py"
    reference.write_text("def double(x):\n    doubled = x + x\n    return doubled\n")
    book = config.read(pools)
    file = load.load(pools / "toy" / "pool.yaml", book)
    return leaks.secrets(file, keys.resolve(file, book))


def test_refutations_proofs_and_solutions_are_secrets_and_prompts_are_none(hidden):
    found = str(hidden)
    assert len(hidden) > 15
    assert "Counting on by one from one" in found, "the reason of a key"
    assert "You let the loop reach its bound" in found, "a refutation"
    assert "isinstance(2j, complex)" in found, "the proof of a key"
    assert "doubled = x + x" in found, "a line of a solution"
    assert "def double" not in found, "a line of the starter"
    assert "What does the loop print" not in found


def test_what_the_lecture_says_is_no_secret_unless_it_refutes(pools: Path, hidden):
    book = config.read(pools)
    file = load.load(pools / "toy" / "pool.yaml", book)
    lecture = f"    doubled = x + x  # as said\n{TRAP}"
    after = leaks.secrets(file, keys.resolve(file, book), lecture)
    [taught] = hidden.keys() - after.keys()
    assert taught.endswith("solution: doubled = x + x")
    assert "You let the loop reach its bound" in str(after)


def test_nothing_of_a_quiz_leaks_from_its_build(site: Book, hidden):
    site.build()
    assert list(leaks.find(site.out, hidden)) == []


PLACES = {
    "page.html": "<p>You let the <b>loop</b> reach its bound; <code><span>range</span>"
    "</code> stops\n before its end.</p>",
    "_sources/page.md.txt": TRAP.replace("reach its", "reach\n    its"),
    "searchindex.js": f"Search.setIndex({json.dumps({'titles': [TRAP]})})",
    "_static/selfcheck/answers/other.js": "x = "
    + json.dumps({"why": f"<p>{TRAP}</p>\n".replace("`range`", "<code>range</code>")}),
    "_static/escaped.js": "x = '" + TRAP.replace(" ", "\\u0020") + "';",
    "notebook.ipynb": json.dumps(
        {"cells": [{"source": ["You let the loop\n", "reach its bound; `range`\n"]}]}
    ).replace("`range`\\n", "`range` stops before its end."),
    "download/pool.yaml": f'why: "{TRAP}"',
    "no-suffix": TRAP,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_leak_is_found_in_whatever_holds_it(tmp_path: Path, hidden, place: str):
    path = tmp_path / "site" / place
    path.parent.mkdir(parents=True)
    path.write_text(PLACES[place], encoding="utf-8")
    found = set(leaks.find(tmp_path / "site", hidden))
    assert (path, "toy-loop.0.trap.0.why") in found


def test_images_and_fonts_are_not_searched(tmp_path: Path, hidden):
    site = tmp_path / "site"
    site.mkdir()
    (site / "figure.png").write_bytes(b"\x89PNG\0\0" + TRAP.encode())
    assert list(leaks.find(site, hidden)) == []


def test_an_output_of_a_notebook_gives_nothing_away(exams: Path, tmp_path: Path):
    book = config.read(exams)
    for slug in ("toy", "half-term"):
        file = exam.load_quiz(slug, book)
        found = exam.resolve(file, book)
        rendered = {text.label: notebook.render(text.source) for text in texts(file)}
        links = {name: {"href": "", "title": name} for name in file.objectives}
        data = payload.assemble(file, found, "toy-book", rendered, links)
        site = tmp_path / slug
        site.mkdir()
        (site / "output.html").write_text(payload.section(data, rendered))
        assert list(leaks.find(site, leaks.secrets(file, found))) == []


PUBLIC = {
    *("id", "rev", "family", "type", "stratum", "objective", "level", "variants"),
    *("options", "tries", "compare", "starter", "example"),
}


def test_short_answers_have_no_place_in_the_data_of_a_page(site: Book):
    # Too short to be searched for: that none is there follows from what may be there.
    site.build()
    data = json.loads(
        site.page().partition('class="sc-data">')[2].split("</script>")[0]
    )
    assert all(set(item) == PUBLIC for item in data["items"])
    brought = site.script(data["answers"])
    assert set(brought) == {"salt", "page", "prompts", "sealed"}
    parts = [variant for item in brought["sealed"].values() for variant in item]
    assert all(set(part) == {"key", "why", "options", "traps"} for part in parts)
    assert "{" not in json.dumps([part["key"] for part in parts])


@pytest.mark.book
def test_the_built_book_leaks_nothing_of_its_quizzes():
    root = Path(__file__).parents[2]
    built = root / "_build" / "html"
    if not (built / "searchindex.js").is_file():
        pytest.skip("the book is not built: run `make book`")
    book = config.read(root / "book" / "quizzes")
    pages = [*(root / "book").glob("*.md")]
    # What a page may show of the packages is public: a solution may have to repeat it.
    pages += [
        p
        for name in ("microtf", "insidetf")
        for p in (root / "code" / name).rglob("*.py")
    ]
    lecture = "\n".join(page.read_text("utf-8") for page in pages)
    for file in load.load_all(book):
        found = leaks.secrets(file, keys.resolve(file, book), lecture)
        assert len(found) > 100
        assert list(leaks.find(built, found)) == []
