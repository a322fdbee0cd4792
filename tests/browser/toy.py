"""A small book of one page, with a quiz whose answers the tests know.

The page follows the payload of the real directive, sealed with the real recipe, and
wears the real theme's style sheets, so that the widget is seen as readers see it.
"""

from __future__ import annotations

import html
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selfcheck import bundle
from selfcheck.seal import label, seal

SALT = "5a17c0de"
QUIZ = "toy"
DRAW = {"choice": 3, "multiple": 1, "output": 2, "short": 1, "code": 1}
OBJECTIVES = {
    "count": {
        "text": "<p>Count what a program does.</p>",
        "href": "#toy-count",
        "title": "Counting",
    },
    "order": {
        "text": "<p>Say in which <code>order</code> things happen.</p>",
        "href": "#toy-order",
        "title": "Order of calls",
    },
}


@dataclass
class Item:
    """One question: what the page shows, what it seals, how it is answered."""

    id: str
    type: str
    prompt: str
    key: dict[str, Any] | None = None
    options: list[tuple[str, bool, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    traps: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    why: str = ""
    starter: str | None = None
    example: str | None = None

    @property
    def stratum(self) -> str:
        """Numeric, text, and order questions are drawn as one stratum."""
        short = ("numeric", "text", "order")
        return "short" if self.type in short else self.type

    @property
    def right(self) -> dict[str, Any]:
        """An answer that is right, in the shape of a stored answer."""
        assert self.key is not None
        if self.type == "numeric":
            return {"text": str(self.key["value"])}
        return {"text": self.key["accept"][0]} if self.type == "text" else self.key

    @property
    def wrong(self) -> dict[str, Any]:
        """An answer that falls for a known mistake."""
        if self.options:
            return {
                "options": [next(j for j, o in enumerate(self.options) if not o[1])]
            }
        answer = self.traps[0][0]
        if "lines" in answer:
            return {"lines": [*answer["lines"], 0]}
        return {"text": str(next(iter(answer.values())))}

    @property
    def discussion(self) -> str:
        """What is shown with the key; without a text of its own, the key's reason."""
        return self.why or "".join(why for _, right, why in self.options if right)

    def sealed(self, salt: str = SALT) -> dict[str, Any]:
        """Return the blobs of the item's one variant."""

        def blob(name: str, value: Any) -> str:
            return seal(json.dumps(value), salt, label(self.id, 0, name))

        return {
            "key": blob("key", self.key) if self.key else None,
            "why": blob("why", {"html": self.discussion}),
            "options": [
                blob(f"option.{j}", {"right": right, "why": why})
                for j, (_, right, why) in enumerate(self.options)
            ],
            "traps": [
                blob(f"trap.{j}", {"answer": answer, "why": why})
                for j, (answer, why) in enumerate(self.traps)
            ],
        }

    def data(self, objective: str) -> dict[str, Any]:
        """Return the item's part of the page's data."""
        return {
            "id": self.id,
            "rev": "r1",
            "family": self.id,
            "type": self.type,
            "stratum": self.stratum,
            "objective": objective,
            "variants": 1,
            "options": len(self.options) or len(self.lines),
            "tries": {"choice": 1, "multiple": 1, "code": 5}.get(self.type, 2),
            "sealed": [self.sealed()],
            "starter": self.starter,
            "example": self.example,
        }

    def article(self) -> str:
        """Return what a reader without JavaScript sees of the item."""
        rows = [text for text, _, _ in self.options] or [
            f"<pre>{html.escape(line)}</pre>" for line in self.lines
        ]
        options = "".join(f'<li data-option="{j}">{r}</li>' for j, r in enumerate(rows))
        return (
            f'<article class="sc-item" data-item="{self.id}" data-variant="0" '
            f'data-type="{self.type}"><div class="sc-prompt">{self.prompt}</div>'
            + (f'<ol class="sc-options">{options}</ol>' if options else "")
            + "</article>"
        )


def _code(text: str) -> str:
    return (
        '<div class="highlight-python notranslate"><div class="highlight"><pre>'
        f"<span></span>{html.escape(text)}</pre></div></div>"
    )


def _choices() -> list[Item]:
    return [
        Item(
            f"toy-choice-{n}",
            "choice",
            f"<p>A loop runs over <code>range({n + 2})</code>. How often does its "
            "body run?</p>" + _code(f"for i in range({n + 2}):\n    print(i)"),
            key={"options": [1]},
            options=[
                (
                    f"<p>{n + 1} times, because the end of a range is left out and "
                    "counting begins at zero</p>",
                    False,
                    "<p>The end is left out, but zero counts: REFUTED-BY-ZERO.</p>",
                ),
                (
                    f"<p>{n + 2} times</p>",
                    True,
                    "<p>From zero to the end: KEYREASON.</p>",
                ),
                (
                    f"<p>{n + 3} times</p>",
                    False,
                    "<p>The end of a range is left out: REFUTED-BY-END.</p>",
                ),
            ],
        )
        for n in range(9)
    ]


def _others() -> list[Item]:
    multiple = [
        Item(
            f"toy-multiple-{n}",
            "multiple",
            f"<p>Case {n}: which of these are <strong>immutable</strong>?</p>",
            key={"options": [0, 2]},
            options=[
                ("<p><code>tuple</code></p>", True, "<p>A tuple has no append.</p>"),
                ("<p><code>list</code></p>", False, "<p>A list grows: LISTGROWS.</p>"),
                ("<p><code>str</code></p>", True, "<p>A string stays as it is.</p>"),
                ("<p><code>dict</code></p>", False, "<p>Keys come and go.</p>"),
            ],
        )
        for n in range(3)
    ]
    output = [
        Item(
            f"toy-output-{n}",
            "output",
            "<p>What does this print?</p>" + _code(f"print({n} + 2, [{n}, None])"),
            key={"text": f"{n + 2} [{n}, None]\n"},
            traps=[({"text": f"{n}2 [{n}, None]"}, "<p>Numbers add up: ADDSUP.</p>")],
            why="<p>A list prints its elements' repr.</p>",
        )
        for n in range(1, 7)
    ]
    return multiple + output


def _short() -> list[Item]:
    return [
        Item(
            "toy-numeric",
            "numeric",
            "<p>What is a third, to two digits?</p>",
            key={"value": 0.33, "tolerance": {"abs": 0.01}},
            traps=[({"value": 3, "tolerance": {"abs": 0.01}}, "<p>Inverse.</p>")],
        ),
        Item(
            "toy-text",
            "text",
            "<p>Which method adds one element to a list?</p>",
            key={"accept": ["append", "list.append"]},
            traps=[({"accept": ["extend"]}, "<p>That adds many: ADDSMANY.</p>")],
        ),
        Item(
            "toy-order",
            "order",
            "<p>Make a program that prints 3.</p>",
            key={"lines": [2, 0]},
            lines=["print(x)", "x = 4", "x = 3"],
            traps=[({"lines": [1]}, "<p>That makes it four: MAKESFOUR.</p>")],
        ),
    ]


def _programs() -> list[Item]:
    return [
        Item(
            f"toy-code-{n}",
            "code",
            "<p>Write <code>double(x)</code>, which returns twice its argument.</p>",
            starter="def double(x):\n    ...\n",
            example="print(double(21))\n",
            why="<p>Adding a number to itself doubles it: DISCUSSION.</p>",
        )
        for n in range(3)
    ]


ITEMS = {item.id: item for item in [*_choices(), *_others(), *_short(), *_programs()]}


def payload() -> dict[str, Any]:
    """Return the data of the quiz, as the directive writes it."""
    aims = ["count", "order"]
    return {
        "schema": 1,
        "book": "toy-book",
        "quiz": QUIZ,
        "title": "A toy",
        "salt": SALT,
        "draw": DRAW,
        "pass": {"at_least": 6, "must": ["code"]},
        "attempts": 2,
        "gate": 10,
        "retire": 7,
        "review": [1, 3, 7, 21],
        "objectives": OBJECTIVES,
        "items": [item.data(aims[i % 2]) for i, item in enumerate(ITEMS.values())],
    }


def section(quiz: dict[str, Any] | None = None) -> str:
    """Return the quiz's section, readable without JavaScript.

    `quiz` is what its data are, when they are not the toy's own.
    """
    data = json.dumps(quiz or payload()).replace("</", "<\\/")
    return (
        f'<section class="selfcheck" data-quiz="{QUIZ}" id="quiz-{QUIZ}">'
        f"<noscript><p>Take it with <code>selfcheck take {QUIZ}</code>.</p></noscript>"
        f'<div class="sc-pool">{"".join(i.article() for i in ITEMS.values())}</div>'
        f'<script type="application/json" class="sc-data">{data}</script></section>'
    )


CELLS = {
    "sum": "import numpy as np\nx = np.arange(4)\nx.sum()",
    "figure": "import matplotlib.pyplot as plt\nplt.plot(x)\nplt.show()",
    "progress": (
        "for i in range(1, 4):\n"
        "    print(f'step {i}/3\\r', end='', flush=True)\n"
        "print('abc\\b\\b-done')"
    ),
    "clear": (
        "from IPython.display import HTML, clear_output, display\n"
        "print('gone')\nclear_output(wait=True)\ndisplay(HTML('<b>kept</b>'))"
    ),
    "error": "1 / 0",
    "endless": "while True:\n    pass",
    "die": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
}

_PAGE = """<!DOCTYPE html>
<html lang="en" data-content_root="./" data-theme="{theme}"{mode}>
<head><meta charset="utf-8"><title>A toy chapter</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
{styles}
<link rel="stylesheet" href="_static/selfcheck/selfcheck.css">
<script src="_static/selfcheck/selfcheck.js" data-serve="make serve" defer></script>
</head>
<body data-default-mode="">
<div class="bd-container"><div class="bd-container__inner bd-page-width">
<main id="main-content" class="bd-main"><div class="bd-content">
<div class="bd-article-container"><article class="bd-article">
<section id="toy"><h1>A toy chapter</h1>
<div class="sc-live" data-live{binder} hidden></div>
<section id="toy-count"><h2>Counting</h2><p>Programs count.</p>{cells}</section>
<section id="toy-order"><h2>Order of calls</h2><p>One after the other.</p></section>
<section id="quiz"><h2>Quiz</h2>{quiz}</section>
</section></article></div></div></main></div></div></body></html>
"""


def _cell(source: str) -> str:
    return (
        '<div class="cell docutils container">'
        f'<div class="cell_input docutils container">{_code(source)}</div></div>'
    )


def styles(static: Path) -> str:
    """Copy the theme's style sheets; return the links to them."""
    import pydata_sphinx_theme
    import sphinx_book_theme

    pst = Path(pydata_sphinx_theme.__file__).parent
    sbt = Path(sphinx_book_theme.__file__).parent
    sheets = [
        pst / "theme/pydata_sphinx_theme/static/styles/pydata-sphinx-theme.css",
        sbt / "theme/sphinx_book_theme/static/styles/sphinx-book-theme.css",
    ]
    for sheet in sheets:
        shutil.copy(sheet, static)
    names = [sheet.name for sheet in sheets]
    return "\n".join(f'<link rel="stylesheet" href="_static/{n}">' for n in names)


def write(
    site: Path,
    *,
    name: str = "toy.html",
    theme: str = "light",
    binder: str = "",
    quiz: str = "",
) -> Path:
    """Write the toy book into the folder `site`; return its page.

    `quiz` is a section to stand in place of the toy quiz.
    """
    static = site / "_static"
    static.mkdir(parents=True, exist_ok=True)
    shutil.copytree(
        bundle.ensure(),
        static / "selfcheck",
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("node"),
    )
    page = _PAGE.format(
        theme=theme,
        mode=f' data-mode="{theme}"',
        styles=styles(static),
        binder=binder,
        cells="".join(_cell(source) for source in CELLS.values()),
        quiz=quiz or section(),
    )
    path = site / name
    path.write_text(page, encoding="utf-8")
    return path
