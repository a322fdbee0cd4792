"""Exams and the progress page in a book built by Sphinx."""

import json
import re
from pathlib import Path

from tests.selfcheck.half_term import EXAM, TINY
from tests.selfcheck.sphinx_book import SECOND, Book

from selfcheck import config, exam, leaks


def embedded(site: Book, page: str, name: str = "sc-data") -> dict:
    found = re.search(rf'class="{name}">(.*?)</script>', site.page(page), re.DOTALL)
    return json.loads(found[1])


def test_a_book_with_exam_and_progress_builds_without_a_warning(term: Book):
    term.build()
    assert term.warnings == ""


def test_an_exam_page_knows_where_its_pools_have_their_answers(term: Book):
    term.build()
    data = embedded(term, "last")
    for slug, page in (("toy", "index.html"), ("tiny", "second.html")):
        brought = term.script(data["pools"][slug]["answers"])
        assert brought["salt"] == data["pools"][slug]["salt"]
        assert brought["page"] == data["pools"][slug]["page"] == page
    assert "sealed" not in data["items"][0]


def test_an_exam_page_holds_no_question_and_links_to_the_quizzes(term: Book):
    term.build()
    page = term.page("last")
    assert "sc-prompt" not in page and "spider" not in page
    assert '<a href="second.html#quiz-tiny">A tiny one</a>' in page
    assert "selfcheck take half-term" in page


def test_objectives_of_an_exam_link_from_its_own_page(term: Book):
    term.build()
    aims = embedded(term, "last")["objectives"]
    assert aims["toy.add"]["href"] == "index.html#toy-add"
    assert 'href="index.html#toy-add"' in aims["toy.add"]["text"]
    assert aims["tiny.add"]["title"] == "Naming"


def test_answers_bring_every_variant_of_every_question(term: Book):
    term.build()
    brought = term.script(embedded(term, "index")["answers"])
    texts = brought["prompts"]["toy-product"]
    assert len(texts) == 2 and "5 times seven" in texts[1]
    assert brought["prompts"]["toy-sum"][0].count("<li data-option") == 3
    assert "5 times seven" not in term.page(), "the page has the first variant only"


def test_public_scripts_have_the_data_of_each_quiz_from_the_root(term: Book):
    term.build()
    listed = {q["quiz"]: q for q in embedded(term, "mine", "sc-book")["quizzes"]}
    toy = term.script(listed["toy"]["data"])
    assert toy["page"] == "index.html" and "sealed" not in toy["items"][0]
    assert term.script(toy["answers"])["salt"] == toy["salt"]
    half = term.script(listed["half-term"]["data"])
    assert term.script(half["pools"]["tiny"]["answers"])["page"] == "second.html"


def test_progress_lists_the_quizzes_in_the_order_of_the_toc(term: Book):
    term.build()
    book = embedded(term, "mine", "sc-book")
    assert book["book"] == "toy-book"
    shown = [
        (q["quiz"], q["title"], q["page"], q["exam"], q["objectives"])
        for q in book["quizzes"]
    ]
    assert shown == [
        ("toy", "A toy", "index.html#quiz-toy", False, 2),
        ("tiny", "A tiny one", "second.html#quiz-tiny", False, 1),
        ("half-term", "Half term", "last.html#quiz-half-term", True, 3),
    ]


def test_progress_without_a_script_points_to_the_command_line(term: Book):
    term.build()
    (said,) = re.findall(r"<noscript>.*?</noscript>", term.page("mine"), re.DOTALL)
    assert "selfcheck progress" in said and "selfcheck review" in said
    assert 'href="last.html#quiz-half-term"' in said


def test_every_quiz_names_the_progress_page_where_there_is_one(term: Book):
    term.build()
    for page in ("index", "second", "last"):
        assert 'data-progress="mine.html"' in term.page(page)
    term.write("mine", "# Mine\n\nNothing.\n")
    term.build()
    for page in ("index", "second", "last"):
        assert "data-progress" not in term.page(page)


def test_script_and_style_are_loaded_by_exam_and_progress(term: Book):
    term.build()
    for page, script in (("last", "selfcheck.js"), ("mine", "selfcheck-progress.js")):
        assert re.findall(r"selfcheck/(selfcheck[a-z-]*\.js)", term.page(page)) == [
            script
        ]
        assert "selfcheck/selfcheck.css" in term.page(page)


def test_formulas_of_the_pools_are_typeset_on_exam_and_progress_pages(term: Book):
    app = term.build()
    has = app.env.get_domain("math").has_equations
    assert has("last") and has("mine") and not has("second")


# A second build

TREE = {"index"}  # has the toctree: Sphinx writes it with any page in it


def written(site: Book) -> dict[str, int]:
    pages = ("index", "second", "last", "mine")
    return {name: (site.out / f"{name}.html").stat().st_mtime_ns for name in pages}


def renewed(site: Book) -> set[str]:
    before = written(site)
    site.build()
    assert site.warnings == ""
    return {name for name, time in written(site).items() if time > before[name]}


def test_a_second_build_of_the_same_book_writes_nothing(term: Book):
    term.build()
    assert renewed(term) == set()


def test_a_changed_pool_renews_its_page_the_exam_and_the_progress(
    term: Book, exams: Path
):
    term.build()
    path = exams / "tiny" / "pool.yaml"
    path.write_text(TINY.replace("title: A tiny one", "title: A smaller one"))
    assert renewed(term) - TREE == {"second", "last", "mine"}
    assert "A smaller one" in term.page("last")
    assert embedded(term, "mine", "sc-book")["quizzes"][1]["title"] == "A smaller one"


def test_a_mended_refutation_reaches_the_exam_with_the_new_version(
    term: Book, exams: Path
):
    term.build()
    before = embedded(term, "last")["pools"]["tiny"]
    path = exams / "tiny" / "pool.yaml"
    path.write_text(TINY.replace("and no legs at all", "and not a leg among them"))
    term.build()
    after = embedded(term, "last")["pools"]["tiny"]
    assert after["answers"] != before["answers"] and after["salt"] == before["salt"]
    assert term.script(after["answers"])["salt"] == after["salt"]


def test_a_changed_exam_renews_its_page_and_the_progress(term: Book, exams: Path):
    term.build()
    path = exams / "half-term" / "exam.yaml"
    path.write_text(EXAM.replace("Half term", "Full term"))
    assert renewed(term) - TREE == {"last", "mine"}


def test_a_renamed_section_renews_the_pages_that_link_to_it(term: Book):
    term.build()
    text = (term.source / "second.md").read_text(encoding="utf-8")
    term.write("second", text.replace("## Naming", "## Giving names"))
    assert renewed(term) - TREE == {"second", "last", "mine"}
    assert embedded(term, "index")["objectives"]["name"]["title"] == "Giving names"
    assert embedded(term, "last")["objectives"]["tiny.add"]["title"] == "Giving names"


def test_a_quiz_that_moves_takes_the_exam_with_it(term: Book):
    term.build()
    text = (term.source / "second.md").read_text(encoding="utf-8")
    term.write("second", SECOND)
    term.write("third", "# Third\n\n```{quiz} tiny\n```\n")
    term.write("index", (term.source / "index.md").read_text() + "\n")
    index = (term.source / "index.md").read_text()
    term.write("index", index.replace("second\nlast", "second\nthird\nlast"))
    assert "tiny" in text and renewed(term) >= {"last", "mine"}
    data = embedded(term, "last")
    assert data["pools"]["tiny"]["page"] == "third.html"
    assert term.script(data["pools"]["tiny"]["answers"])["page"] == "third.html"


def test_scripts_of_quizzes_that_are_gone_are_removed(term: Book):
    term.build()
    folder = term.out / "_static" / "selfcheck"
    assert (folder / "pools" / "half-term.js").is_file()
    term.write("last", "# The end\n")
    term.write("second", SECOND)
    term.build()
    left = {
        path.name for kind in ("answers", "pools") for path in folder.glob(kind + "/*")
    }
    assert left == {"toy.js"}


# What can be wrong


def test_an_exam_over_a_pool_on_no_page_is_a_warning_at_its_line(
    term: Book, exams: Path
):
    term.write("second", SECOND)
    term.build()
    path = exams / "half-term" / "exam.yaml"
    assert f"{path}:3: WARNING: `pools.1`: expected a pool whose quiz" in term.warnings
    assert "{quiz} `tiny` on the page that teaches it" in term.warnings


def test_a_quiz_on_two_pages_is_a_warning_at_the_second(term: Book):
    term.write("second", SECOND + "\n```{quiz} tiny\n```\n\n```{quiz} toy\n```\n")
    term.build()
    assert "second.md: WARNING: expected the quiz `toy` once" in term.warnings
    assert "it is on the page `index` already" in term.warnings


def test_faults_of_an_exam_are_warnings_at_their_lines(term: Book, exams: Path):
    path = exams / "half-term" / "exam.yaml"
    path.write_text(EXAM.replace("[toy, tiny]", "[toy, tinny]"))
    term.build()
    assert f"{path}:3: WARNING: `pools.1`: expected one of tiny, toy" in term.warnings
    path.write_text(EXAM)
    term.build()
    assert term.warnings == "", "a mended exam is read again"
    assert embedded(term, "last")["quiz"] == "half-term"


def test_a_fault_of_a_pool_is_told_at_its_line_and_mended_for_the_exam_too(
    term: Book, exams: Path
):
    path = exams / "tiny" / "pool.yaml"
    path.write_text(TINY.replace("level: apply", "level: hard"))
    term.build()
    assert f"{path}:23: WARNING: tiny-square: `level`" in term.warnings
    path.write_text(TINY)
    term.build()
    assert term.warnings == "" and "tiny" in embedded(term, "last")["pools"]


def test_parallel_building_gives_the_same_pages(term: Book):
    for n in range(4):  # Sphinx reads in parallel from six pages on
        term.write(f"more{n}", f"# More {n}\n\nWords.\n")
    names = "".join(f"more{n}\n" for n in range(4))
    index = (term.source / "index.md").read_text(encoding="utf-8")
    term.write("index", index.replace("mine\n", f"mine\n{names}"))
    term.build(jobs=2)
    assert term.warnings == ""
    first = {page: term.page(page) for page in ("index", "last", "mine")}
    term.build(jobs=1)
    assert first == {page: term.page(page) for page in first}
    assert [q["quiz"] for q in embedded(term, "mine", "sc-book")["quizzes"]] == [
        "toy",
        "tiny",
        "half-term",
    ]


def test_neither_keys_nor_refutations_leak_through_an_exam(term: Book, exams: Path):
    term.build()
    book = config.read(exams)
    file = exam.load_quiz("half-term", book)
    found = leaks.secrets(file, exam.resolve(file, book))
    assert "an arachnid has a pair more" in str(found)
    assert list(leaks.find(term.out, found)) == []


def test_a_text_build_says_where_exam_and_progress_are(term: Book):
    term.build("text")
    folder = term.out.with_name("text")
    said = {
        path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")
    }
    assert "selfcheck take half-term" in said["last"]
    assert "Count." not in said["last"], "an exam's objectives are its pools' matter"
    assert "selfcheck progress" in said["mine"]


def test_pages_that_are_folders_find_the_scripts_and_each_other(term: Book):
    term.build("dirhtml")
    assert term.warnings == ""
    term.out = term.out.with_name("dirhtml")
    data = embedded(term, "last/index")
    assert data["pools"]["tiny"]["page"] == "second/"
    assert data["pools"]["tiny"]["answers"].startswith("../_static/selfcheck/answers/")
    assert term.script(data["pools"]["tiny"]["answers"])["page"] == "second/"
    assert data["objectives"]["tiny.add"]["href"] == "../second/#toy-name"
    assert 'data-progress="../mine/"' in term.page("last/index")
