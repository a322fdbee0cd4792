"""The build: what voids a chapter's outputs, how failures speak, what pages hold."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tools import bootstrap, build, execute, notebooks
from tools.chapters import (
    Chapter,
    chapters,
    dependencies,
    fingerprint,
    imported_names,
    pages,
)

import mathstatic
import weight

ROOT = Path(__file__).resolve().parent.parent
HEADER = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst, format_version: 0.13}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

"""


@pytest.fixture
def book(tmp_path) -> Path:
    """A book of two chapters: `uses` imports a module of `code/`, `plain` does not."""
    (tmp_path / "book").mkdir()
    package = tmp_path / "code" / "toolbox"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text("FIRST = 1\n")
    (package / "top.py").write_text("from toolbox.base import FIRST\n")
    (package / "unused.py").write_text("SECOND = 2\n")
    (tmp_path / "requirements.txt").write_text("numpy==2.4.6\n")
    (tmp_path / "_config.yml").write_text("execute: {timeout: 20}\n")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/plain\nchapters: [{file: book/uses}]\n"
    )
    write_chapter(tmp_path, "plain", "assert 1 + 1 == 2")
    write_chapter(
        tmp_path,
        "uses",
        "import sys\nsys.path.insert(0, '../code')\nfrom toolbox import top\ntop.FIRST",
    )
    return tmp_path


def write_chapter(root: Path, slug: str, *cells: str) -> None:
    fences = [f"```{{code-cell}} ipython3\n{cell}\n```\n" for cell in cells]
    text = HEADER + f"# The chapter {slug}\n\n" + "\n".join(fences)
    (root / "book" / f"{slug}.md").write_text(text)


def fingerprints(root: Path) -> dict[str, str]:
    from tools.chapters import _file_imports

    _file_imports.cache_clear()
    return {c.slug: fingerprint(c) for c in chapters(root)}


def voided(root: Path, path: str, text: str) -> set[str]:
    """Return the chapters whose fingerprints change when a file gets another text."""
    before = fingerprints(root)
    (root / path).write_text(text)
    after = fingerprints(root)
    return {slug for slug in before if before[slug] != after[slug]}


def test_pages_come_in_reading_order(book):
    assert pages(book) == ["book/plain", "book/uses"]


def test_a_module_voids_the_chapters_that_reach_it_and_no_other(book):
    assert voided(book, "code/toolbox/base.py", "FIRST = 3\n") == {"uses"}
    assert voided(book, "code/toolbox/top.py", "FIRST = 4\n") == {"uses"}
    assert voided(book, "code/toolbox/unused.py", "SECOND = 3\n") == set()


def test_a_pool_voids_the_chapters_that_load_quizzes(book):
    write_chapter(book, "plain", "load_quiz('x', book)\nassert True")
    (book / "book" / "quizzes" / "x").mkdir(parents=True)
    pool = "book/quizzes/x/pool.yaml"
    (book / pool).write_text("pool: x\n")
    assert voided(book, pool, "pool: x\ntitle: X\n") == {"plain"}


def test_a_pin_voids_every_chapter(book):
    assert voided(book, "requirements.txt", "numpy==2.4.7\n") == {"plain", "uses"}


def test_prose_voids_nothing(book):
    text = (book / "book" / "plain.md").read_text()
    assert voided(book, "book/plain.md", text + "\nOne more sentence.\n") == set()


def test_relative_imports_are_followed(tmp_path):
    package = tmp_path / "box"
    package.mkdir()
    (package / "__init__.py").write_text("from .inner import VALUE\n")
    (package / "inner.py").write_text("from . import deep\nVALUE = deep.X\n")
    (package / "deep.py").write_text("X = 1\n")
    names = {p.name for p in dependencies(["import box"], tmp_path)}
    assert names == {"__init__.py", "inner.py", "deep.py"}


def test_chapters_run_once_and_again_only_when_they_must(book, capsys):
    assert execute.execute_all(chapters(book), book) == []
    first = capsys.readouterr().out
    assert re.search(r"\[2/2\] .* s +\d+ MB", first)
    assert execute.execute_all(chapters(book), book) == []
    assert "2 of 2 chapters unchanged" in capsys.readouterr().out
    (book / "code" / "toolbox" / "base.py").write_text("FIRST = 5\n")
    from tools.chapters import _file_imports

    _file_imports.cache_clear()
    assert [c.slug for c in execute.stale(chapters(book), book)] == ["uses"]


def test_a_chapter_that_fails_is_named_and_the_others_are_kept(book, capsys):
    write_chapter(book, "uses", "raise ValueError('the reason')")
    (failure,) = execute.execute_all(chapters(book), book)
    assert "book/uses.md" in failure and "ValueError: the reason" in failure
    assert "\x1b" not in failure
    assert "failed" in capsys.readouterr().out
    assert [c.slug for c in execute.stale(chapters(book), book)] == ["uses"]


def test_a_kernel_that_dies_is_reported_as_such(book):
    write_chapter(book, "plain", "import os\nos.kill(os.getpid(), 9)")
    (failure,) = execute.execute_all(chapters(book)[:1], book)
    assert "the kernel died" in failure


def test_a_damaged_ledger_counts_as_empty(book):
    execute.ledger_path(book).parent.mkdir()
    execute.ledger_path(book).write_text("{ not json")
    assert execute.read_ledger(book) == {}


def test_bad_latex_is_an_error_of_that_formula():
    good, bad = mathstatic.render(
        [{"tex": "x^2", "display": False}, {"tex": "\\frac{1}{", "display": True}]
    )
    assert "<math" in good["html"] and "error" not in good
    assert "katex" in bad["html"] and "expected" in bad["error"]


def test_bad_latex_is_a_located_warning(tmp_path):
    (tmp_path / "conf.py").write_text(
        'extensions = ["myst_parser", "mathstatic"]\n'
        'myst_enable_extensions = ["dollarmath"]\n'
        'html_math_renderer = "katex_static"\n'
    )
    (tmp_path / "index.md").write_text("# Page\n\nText.\n\n$\\frac{1}{$\n")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-N", "-W", "--keep-going", ".", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(mathstatic.__file__).parent)},
    )
    assert done.returncode == 1
    assert re.search(r"index\.md:5: WARNING: .*expected", done.stderr), done.stderr


def chapter_of(*cells) -> Chapter:
    return Chapter("book/sample", new_notebook(cells=list(cells)), ROOT)


def translated(markdown: str) -> list:
    from tools.chapters import read_yaml

    config = read_yaml(ROOT / "_config.yml")
    return notebooks.translate(
        chapter_of(new_markdown_cell("# Title"), new_markdown_cell(markdown)), config
    ).cells


def test_a_notebook_begins_with_the_title_and_the_set_up_cell():
    title, setup = translated("Text.")[:2]
    assert title.source == "# Title"
    assert "google.colab" in setup.source
    lines = setup.source.splitlines()
    switch = next(n for n, line in enumerate(lines) if "TF_ENABLE_ONEDNN_OPTS" in line)
    assert not lines[switch].startswith(" ")  # for every kernel, not for Colab's alone


def test_the_set_up_cell_installs_what_the_chapters_import():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = re.search(r"book-source\[([\w,]+)\]", notebooks.SETUP)[1].split(",")
    listed = [r for extra in extras for r in project["optional-dependencies"][extra]]
    installed = {re.split(r"[>=]", r)[0].replace("-", "_") for r in listed} | {"numpy"}
    ours = {"insidetf", "microtf", "selfcheck"}
    for chapter in chapters(ROOT):
        names = set().union(*(imported_names(cell) for cell in chapter.cells))
        tops = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)
        assert tops <= installed | ours, chapter.slug


def test_a_notebook_asks_the_quiz_in_a_cell():
    before, quiz, after = translated("Before.\n\n```{quiz} tape\n```\n\nAfter.")[2:]
    assert (before.source, after.source) == ("Before.", "After.")
    assert quiz.cell_type == "code" and 'quiz("tape")' in quiz.source


def test_a_notebook_shows_included_code_and_no_raw_directive():
    include = (
        "```{literalinclude} ../tools/notebooks.py\n:pyobject: source_of\n"
        ":caption: Finds {term}`source`\n```"
    )
    text = translated(include + "\n\nSee {doc}`tape` and {tfsrc}`a/b.py#C.d`.")[
        2
    ].source
    assert "def source_of(path" in text and "```python" in text
    assert "{literalinclude}" not in text and "{doc}" not in text
    assert "book/tape.html" in text and "[`C.d`](https://github.com/tensorflow" in text


def test_a_notebook_shows_the_part_of_a_file_that_the_page_shows():
    include = (
        "```{literalinclude} ../CONTRIBUTING.md\n:language: text\n"
        ':start-after: "```sh"\n:end-before: "make check "\n```'
    )
    text = translated(include)[2].source
    assert text.startswith("```text\nmake serve") and text.endswith("touched\n```")
    include = include.replace("start-after", "start-at").replace("text", "sh", 1)
    text = translated(include)[2].source
    assert text.startswith("````sh\n```sh\nmake serve") and text.endswith("\n````")


def test_a_solution_in_a_notebook_stays_hidden():
    text = translated(":::{solution} ex-one\n:class: dropdown\nThe answer.\n:::")[
        2
    ].source
    assert text.startswith("<details>") and "The answer." in text


def test_an_unknown_symbol_cannot_be_included():
    with pytest.raises(LookupError, match="found no missing"):
        notebooks.source_of(Path(notebooks.__file__), "Translator.missing")


def test_glued_values_stand_in_the_text_of_a_notebook():
    cell = new_code_cell("glue('count', 3)")
    cell.outputs = [
        nbformat.v4.new_output(
            "display_data",
            {"text/plain": "3"},
            metadata={"scrapbook": {"name": "count"}},
        )
    ]
    assert notebooks.glued(new_notebook(cells=[cell])) == {"count": "3"}


def test_a_wrong_python_gets_one_message_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 1, "final", 0))
    with pytest.raises(SystemExit, match=r"expected Python 3\.11 .* found 3\.9\.1"):
        bootstrap.check_python()


def test_a_package_index_out_of_reach_gets_one_message(tmp_path):
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    env |= {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    env |= {"PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [sys.executable, "tools/bootstrap.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=env,
    )
    assert done.returncode == 1
    assert "installing the pinned packages failed" in done.stderr
    assert "check the network" in done.stderr
    assert not (tmp_path / ".venv" / "installed.sha256").exists()


def test_make_help_lists_every_target():
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for target in ("serve", "book", "test", "check", "clean"):
        assert re.search(rf"^  make {target} ", done.stdout, re.M)


def test_every_input_of_the_site_counts(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    page = tmp_path / "book" / "one.md"
    page.write_text("one")
    for name in ("_config.yml", "_toc.yml", "requirements.txt"):
        (tmp_path / name).write_text("")
    before = build.input_hash(tmp_path)
    (tmp_path / "book" / ".lock").write_text("held")
    assert build.input_hash(tmp_path) == before  # comes and goes by itself
    page.write_text("two")
    assert build.input_hash(tmp_path) != before


RESOURCE = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*?"""
    r"""\b(?:src|href|data)=["'](?P<url>(?:https?:)?//[^"']+)""",
)
HARMLESS = re.compile(r'<link rel="canonical"')


@pytest.mark.book
def test_no_page_names_a_resource_on_another_host(site):
    found = []
    for page in site.rglob("*.html"):
        for match in RESOURCE.finditer(page.read_text(encoding="utf-8")):
            if not HARMLESS.match(match.group(0)):
                found.append(f"{page.relative_to(site)}: {match['url']}")
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        found += re.findall(r"@import[^;]*https?:[^;]*|url\(['\"]?https?:[^)]*", text)
    assert found == []


@pytest.mark.book
def test_every_page_has_one_description_and_one_viewport(site):
    for page in (site / "book").glob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert len(re.findall(r'<meta[^>]*name="description"', html)) == 1, page.name
        assert len(re.findall(r'<meta[^>]*name="viewport"', html)) == 1, page.name


@pytest.mark.book
def test_each_chapter_is_published_as_a_notebook_with_its_outputs(site):
    for chapter in chapters(ROOT):
        notebook = nbformat.read(site / "notebooks" / f"{chapter.slug}.ipynb", 4)
        nbformat.validate(notebook)
        code = [c for c in notebook.cells if c.cell_type == "code"]
        assert any(c.outputs for c in code), chapter.slug
        text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        # What a longer fence encloses is shown, and not meant.
        text = re.sub(r"^(`{4,}).*?^\1$", "", text, flags=re.M | re.S)
        assert not re.search(r"^[`:]{3,}\{", text, re.M), chapter.slug
        assert "{tfsrc}" not in text and "{doc}" not in text


@pytest.mark.book
def test_launch_buttons_lead_where_something_opens(site):
    for docname in json.loads((ROOT / "_build" / "execution.json").read_text()):
        html = (site / f"{docname}.html").read_text(encoding="utf-8")
        slug = Path(docname).name
        assert f"?urlpath=lab/tree/book/{slug}.md" in html
        assert f"/blob/gh-pages/notebooks/{slug}.ipynb" in html
        assert f'href="../notebooks/{slug}.ipynb"' in html


@pytest.mark.book
def test_the_theme_measures_first_and_marks_afterwards(site):
    script = (site / weight.THEME_SCRIPT).read_text(encoding="utf-8")
    assert ".tabIndex=scrolls?0:-1" in script
    assert not weight.MARK_EACH.search(script)


@pytest.mark.book
def test_a_page_links_one_sheet_and_fonts_hold_the_icons_in_use(site):
    html = (site / "book" / "tape.html").read_text(encoding="utf-8")
    sheets = re.findall(r'<link[^>]*href="([^"]+\.css)', html)
    assert {Path(sheet).name for sheet in sheets} <= {
        "site.css",
        "katex.min.css",
        "selfcheck.css",
    }
    fonts = [f.stat().st_size for f in (site / weight.FONTS).glob("*.woff2")]
    assert fonts and sum(fonts) < 20_000
    icons = weight.used_icons((site / weight.SITE_SHEET).read_text(encoding="utf-8"))
    assert 0xF019 in icons  # the arrow of the download button


@pytest.mark.book
def test_the_one_sheet_holds_the_rules_of_all(site):
    css = (site / weight.SITE_SHEET).read_text(encoding="utf-8")
    rules = {
        "Sphinx": "a.headerlink",
        "the theme": ".article-header-buttons",
        "its parent": ".bd-article",
        "colors of code": ".highlight .k",
        "the copy button": "button.copybtn",
        "notebook cells": ".cell_output",
        "this book": "--lines",
    }
    assert {name for name, rule in rules.items() if rule not in css} == set()


def test_sheets_are_remembered_when_no_page_is_written(tmp_path):
    (tmp_path / "_static").mkdir()
    assert weight.remembered(tmp_path, ["a.css", "b.css"]) == ["a.css", "b.css"]
    assert weight.remembered(tmp_path, []) == ["a.css", "b.css"]
    assert weight.remembered(tmp_path, ["b.css", "c.css"]) == [
        "a.css",
        "b.css",
        "c.css",
    ]


def test_code_names_its_lines_and_images_their_size(tmp_path):
    block = '<div class="highlight"><pre>one\ntwo\nthree\n</pre></div>'
    assert 'style="--lines: 3"' in weight.CODE.sub(weight._counted, block)
    figure = tmp_path / "figure.svg"
    figure.write_text('<svg width="72pt" viewBox="0 0 72 36">')
    assert weight.image_size(figure) == (96, 48)
