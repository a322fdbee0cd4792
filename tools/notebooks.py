"""A Jupyter notebook for each chapter: to download, and to open on Colab.

Jupyter Lab and Colab read Markdown, not MyST. What they would show as raw text is
turned into what they can show: included code into code blocks, references into links
to the site, the quiz into a cell that asks it.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools.chapters import ROOT, Chapter, read_yaml
from tools.execute import open_cache

FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\} *(?P<argument>.*)$")
OPTION = re.compile(r"^:(?P<key>[\w-]+):\s*(?P<value>.*)$")
ROLE = re.compile(r"\{(?P<name>[\w:-]+)\}`(?P<text>[^`]+)`")
TARGET = re.compile(r"^\((?P<label>[\w-]+)\)=\s*$", re.M)
TITLED = re.compile(r"^(?P<title>.*?)\s*<(?P<target>[^>]+)>$", re.S)
DETAILS = {"solution", "dropdown"}

SETUP = """\
# The switch is read when TensorFlow starts, so run this cell again after a restart.
# On Colab it also fetches the book and its package.
import os
import sys

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # one order of sums, as on the pages
if "google.colab" in sys.modules:
    %cd -q /content
    !test -d book-source || git clone --quiet --depth 1 {repository} book-source
    %pip install --quiet -e "book-source[insidetf,data,notebooks,selfcheck]"
    %cd book-source/book
"""


def source_of(path: Path, symbol: str) -> str:
    """Return the source of a dotted symbol in a Python file, decorators included."""
    text = path.read_text(encoding="utf-8")
    body: list[ast.stmt] = ast.parse(text).body
    node: ast.stmt | None = None
    for name in symbol.split("."):
        node = next((n for n in body if getattr(n, "name", None) == name), None)
        if node is None:
            raise LookupError(f"expected {symbol} in {path}, found no {name}")
        body = getattr(node, "body", [])
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return textwrap.dedent("\n".join(text.splitlines()[first - 1 : node.end_lineno]))


def part_of(path: Path, options: dict[str, str]) -> str:
    """Return the lines of a file between the texts that the options name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = {key: value.strip("\"'") for key, value in options.items()}
    marks = {key: value.replace('\\"', '"') for key, value in marks.items()}
    if text := marks.get("start-at", marks.get("start-after")):
        first = next(n for n, line in enumerate(lines) if text.strip() in line)
        lines = lines[first + ("start-after" in marks) :]
    if text := marks.get("end-before"):
        lines = lines[: next(n for n, line in enumerate(lines) if text.strip() in line)]
    return textwrap.dedent("\n".join(lines))


class Translator:
    """Turns the MyST of one chapter into notebook cells."""

    def __init__(self, chapter: Chapter, site: str, sources: dict) -> None:
        self.chapter, self.site, self.sources = chapter, site, sources
        self.page = f"{site}{chapter.docname}.html"
        self.glued = glued(chapter.notebook)

    def cells(self, markdown: str) -> list[NotebookNode]:
        """Translate one Markdown cell; a quiz in it becomes a cell of its own."""
        cells, lines, kept = [], markdown.split("\n"), []
        while lines:
            opened = FENCE.match(lines[0])
            if not opened:
                kept.append(self.roles(lines.pop(0)))
                continue
            block = self._take_block(lines, opened["fence"])
            if opened["name"] == "quiz":
                cells += self._text(kept)
                kept = []
                code = f'from selfcheck import quiz\n\nquiz("{opened["argument"]}")'
                cells.append(new_code_cell(code))
            else:
                kept.append(self.directive(opened["name"], opened["argument"], block))
        return cells + self._text(kept)

    @staticmethod
    def _take_block(lines: list[str], fence: str) -> list[str]:
        lines.pop(0)
        block = []
        while lines and lines[0].rstrip() != fence:
            block.append(lines.pop(0))
        if lines:
            lines.pop(0)
        return block

    @staticmethod
    def _text(lines: list[str]) -> list[NotebookNode]:
        text = TARGET.sub(r'<a id="\g<label>"></a>', "\n".join(lines)).strip()
        return [new_markdown_cell(text)] if text else []

    def directive(self, name: str, argument: str, block: list[str]) -> str:
        """Translate one fenced directive into Markdown."""
        options: dict[str, str] = {}
        while block and (option := OPTION.match(block[0])):
            options[option["key"]] = option["value"]
            block = block[1:]
        if name == "literalinclude":
            return self.include(argument, options)
        if name in {"figure", "image"}:
            return f"![{options.get('alt', '')}]({self.site}{argument})"
        if name == "math":
            return "\n".join(["$$", *block, "$$"])
        if name in {"bibliography", "raw", "toctree"}:
            return ""
        inner = "\n\n".join(c.source for c in self.cells("\n".join(block)))
        title = self.roles(argument) if argument and name != "solution" else ""
        label = name.replace("-", " ").capitalize()
        heading = (
            title or label if name == "admonition" else f"{label}. {title}".strip()
        )
        if name in DETAILS or "dropdown" in options.get("class", ""):
            return f"<details><summary>{heading}</summary>\n\n{inner}\n\n</details>"
        quoted = [f"> {line}".rstrip() for line in inner.split("\n")]
        return "\n".join([f"> **{heading}**", ">", *quoted])

    def include(self, argument: str, options: dict[str, str]) -> str:
        """Show the code that ``literalinclude`` shows."""
        path = (self.chapter.path.parent / argument).resolve()
        symbol = options.get("pyobject")
        code = source_of(path, symbol) if symbol else part_of(path, options)
        caption = self.roles(options.get("caption", ""))
        language = options.get("language", "python")
        mark = "````" if "```" in code else "```"
        shown = f"\n{mark}{language}\n{code.strip()}\n{mark}"
        return "\n".join(filter(None, [caption, shown]))

    def roles(self, line: str) -> str:
        """Translate the roles in a line of text."""
        return ROLE.sub(self._role, line)

    def _role(self, match: re.Match[str]) -> str:
        name, text = match["name"], match["text"]
        titled = TITLED.match(text)
        title, target = (titled["title"], titled["target"]) if titled else (text, text)
        handlers: dict[str, Callable[[], str]] = {
            "doc": lambda: f"[{title}]({self.site}book/{target}.html)",
            "ref": lambda: (
                f"[{title if titled else 'this section'}]({self.page}#{target})"
            ),
            "numref": lambda: f"[figure]({self.page}#{target})",
            "term": lambda: title,
            "math": lambda: f"${text}$",
            "tfsrc": lambda: self._citation("tensorflow", text),
            "kerassrc": lambda: self._citation("keras", text),
            "glue:text": lambda: self.glued.get(text.partition(":")[0], text),
        }
        if name.startswith("cite"):
            return f"[{text}]({self.site}book/bibliography.html)"
        return handlers.get(name, lambda: title)()

    def _citation(self, package: str, text: str) -> str:
        file, _, symbol = text.partition("#")
        source = self.sources[package]
        url = f"{source['repository']}/blob/{source['tag']}/{file}"
        return f"[`{symbol or Path(file).name}`]({url})"


def glued(notebook: NotebookNode) -> dict[str, str]:
    """Return the values that cells glued for the prose, by name."""
    values = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name:
                values[name] = output["data"].get("text/plain", "").strip("'")
    return values


def translate(chapter: Chapter, config: dict) -> NotebookNode:
    """Return a chapter as a notebook that stands on its own."""
    sources = config["sphinx"]["config"]["tfsrc_sources"]
    translator = Translator(chapter, config["html"]["baseurl"], sources)
    setup = SETUP.format(repository=config["repository"]["url"])
    cells = [new_code_cell(setup, metadata={"tags": ["setup"]})]
    for cell in chapter.notebook.cells:
        if cell.cell_type == "markdown":
            cells += translator.cells(cell.source)
        else:
            cells.append(cell)
    title = next((c for c in cells if c.cell_type == "markdown"), None)
    if title is not None:  # the title comes first, the set-up after it
        cells.remove(title)
        cells.insert(0, title)
    notebook = nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
    )
    _, notebook = nbformat.validator.normalize(notebook)
    nbformat.validate(notebook)
    return notebook


def write_all(site: Path, book: list[Chapter], root: Path = ROOT) -> list[Path]:
    """Write a notebook for each chapter into the built site, outputs included."""
    config, cache = read_yaml(root / "_config.yml"), open_cache(root)
    folder = site / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for chapter in book:
        _, merged = cache.merge_match_into_notebook(chapter.notebook)
        path = folder / f"{chapter.slug}.ipynb"
        done = Chapter(chapter.docname, merged, root)
        nbformat.write(translate(done, config), path)
        written.append(path)
    return written
