"""Tables that the plan and the course map make: `{parts}` and `{course-map} C1`.

`book/plan.yaml` names every chapter, `book/course_map.yaml` every row of the four
courses. A chapter that `_toc.yml` lists is written: its rows link to it, and a section
that it does not have is a warning of Sphinx. All others are shown as planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from ruamel.yaml import YAML
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id

BOOK = Path(__file__).resolve().parent.parent
PLAN = BOOK / "plan.yaml"
COURSES = BOOK / "course_map.yaml"
STATES = ("runs", "warns", "fails", "silent", "gone", "download", "pinned")
KINDS = {"L": "Lab", "A": "Assignment"}


@dataclass(frozen=True)
class Chapter:
    """A chapter of the plan, written or not."""

    slug: str
    title: str
    question: str
    part: str


def read_yaml(path: Path) -> Any:
    """Read a YAML 1.2 file."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def planned_chapters(plan: Path = PLAN) -> dict[str, Chapter]:
    """Return the chapters of the plan by slug, in the order of the book."""
    return {
        entry["slug"]: Chapter(part=part["title"], **entry)
        for part in read_yaml(plan)["parts"]
        for entry in part["chapters"]
    }


def slug_of(target: str, chapters: dict[str, Chapter]) -> str:
    """Return the chapter that a target, `tape` or `tape-record`, belongs to.

    Raises:
        ValueError: no chapter of the plan has this name.
    """
    slug = target.partition("-")[0]
    if slug not in chapters:
        raise ValueError(
            f"expected a chapter of {PLAN.name} or one of its sections, "
            f"received {target!r}: correct the row or add the chapter to the plan"
        )
    return slug


def item_name(item: str) -> str:
    """Spell out the course's own numbering: `L2` is `Lab 2`."""
    kind = KINDS.get(item[:1]) if item in ("A", *(f"L{n}" for n in range(1, 9))) else ""
    return f"{kind} {item[1:]}".strip() if kind else item


def group_row(*paragraphs: nodes.paragraph, columns: int) -> nodes.row:
    """Return a row of one cell that heads those below it."""
    cell = nodes.entry("", *paragraphs, morecols=columns - 1)
    return nodes.row("", cell, classes=["group"])


class PlanDirective(SphinxDirective):
    """What both tables need: links to what is written, cells of MyST text."""

    def read(self, path: Path) -> Any:
        """Read a data file that the page is rebuilt for when it changes."""
        for source in (path, BOOK.parent / "_toc.yml"):
            self.env.note_dependency(str(source))
        return read_yaml(path)

    def is_written(self, slug: str) -> bool:
        """Return whether the book has this chapter."""
        return f"{BOOK.name}/{slug}" in self.env.found_docs

    def link(self, target: str, chapter: Chapter) -> nodes.Node:
        """Return a reference to a chapter or section, or its title as planned."""
        if not self.is_written(chapter.slug):
            text = f"planned: {chapter.title}"
            return nodes.inline("", text, classes=["planned"])
        kind = "doc" if target == chapter.slug else "ref"
        reference = addnodes.pending_xref(
            "",
            nodes.inline("", chapter.title if kind == "doc" else target),
            refdomain="std",
            reftype=kind,
            reftarget=f"/{BOOK.name}/{target}" if kind == "doc" else target,
            refexplicit=False,
            refwarn=True,
            refdoc=self.env.docname,
        )
        self.set_source_info(reference)
        return reference

    def paragraph(self, text: str, *classes: str) -> nodes.paragraph:
        """Parse one paragraph of MyST."""
        children, _ = self.parse_inline(text)
        return nodes.paragraph("", "", *children, classes=list(classes))

    def table(
        self, head: list[str], widths: list[int], body: list[nodes.row], name: str
    ) -> nodes.table:
        """Put rows under a head; the first column names the row."""
        group = nodes.tgroup(cols=len(head))
        for index, width in enumerate(widths):
            group += nodes.colspec(colwidth=width, stub=int(index == 0))
        cells = [nodes.entry("", nodes.paragraph("", text)) for text in head]
        group += nodes.thead("", nodes.row("", *cells))
        group += nodes.tbody("", *body)
        return nodes.table("", group, classes=[name])


class PartsDirective(PlanDirective):
    """`{parts}`: every part, its chapters with their questions, what is written."""

    def run(self) -> list[nodes.Node]:
        """Return one table for the whole book."""
        body = []
        chapters = planned_chapters()
        for number, part in enumerate(self.read(PLAN)["parts"], 1):
            slugs = [entry["slug"] for entry in part["chapters"]]
            done = sum(map(self.is_written, slugs))
            head = self.paragraph(f"Part {number}: {part['title']}")
            about = self.paragraph(f"{part['about']} ({done} of {len(slugs)} written)")
            body.append(group_row(head, about, columns=2))
            for slug in slugs:
                link = nodes.paragraph("", "", self.link(slug, chapters[slug]))
                question = self.paragraph(chapters[slug].question)
                cells = [nodes.entry("", link), nodes.entry("", question)]
                body.append(nodes.row("", *cells))
        return [
            self.table(["Chapter", "The question it answers"], [40, 60], body, "parts")
        ]


class CourseMapDirective(PlanDirective):
    """`{course-map} C1`: the rows of one course."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table of the course, or an error that names the bad row."""
        courses = {c["id"]: c for c in self.read(COURSES)["courses"]}
        if self.arguments[0] not in courses:
            expected = ", ".join(courses)
            raise self.error(f"expected one of {expected}: {self.arguments[0]}")
        body = []
        for week in courses[self.arguments[0]]["weeks"]:
            title = self.paragraph(f"Week {week['week']}: {week['topic']}")
            body.append(group_row(title, columns=3))
            for row in week["rows"]:
                anchor = f"{self.arguments[0]}w{week['week']} {row['item']}"
                body.append(self.row(row, anchor.lower()))
        head = ["What it does there", "On today's versions", "In this book"]
        return [self.table(head, [36, 38, 26], body, "course-map")]

    def row(self, row: dict[str, Any], anchor: str) -> nodes.row:
        """Return one lab or assignment as a table row."""
        name = f"**{item_name(row['item'])}**, {row['name']}"
        first = nodes.entry("", self.paragraph(name), self.paragraph(row["does"]))
        first["ids"].append(make_id(self.env, self.state.document, "", anchor))
        changed = [self.change(**entry) for entry in row["changed"]]
        second = nodes.entry("", *(changed or [nodes.paragraph("", "no lab")]))
        try:
            where = [self.where(target) for target in row["where"]]
        except ValueError as problem:
            raise self.error(f"{anchor}: {problem}") from None
        return nodes.row("", first, second, nodes.entry("", *where))

    def change(self, state: str, text: str, proof: str = "") -> nodes.paragraph:
        """Return what became of the item, with its state in front."""
        if state not in STATES:
            expected = ", ".join(STATES)
            raise self.error(f"expected a state of {expected}, received {state!r}")
        badge = nodes.inline("", state, classes=["state", f"state-{state}"])
        paragraph = self.paragraph(text)
        return nodes.paragraph("", "", badge, nodes.Text(" "), *paragraph.children)

    def where(self, target: str) -> nodes.paragraph:
        """Return one chapter or section that covers the item."""
        chapters = planned_chapters()
        chapter = chapters[slug_of(target, chapters)]
        return nodes.paragraph("", "", self.link(target, chapter))


def add_style(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Load the style of the tables on the pages that have one."""
    tables = doctree.findall(nodes.table) if doctree else ()
    if any({"parts", "course-map"} & set(table["classes"]) for table in tables):
        app.add_css_file("plan.css")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the two directives."""
    app.add_directive("parts", PartsDirective)
    app.add_directive("course-map", CourseMapDirective)
    app.connect("html-page-context", add_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
