"""Math rendered while the book is built, so that a page needs no script for it.

KaTeX runs once per page in Node and returns HTML with MathML inside. LaTeX that it
cannot read becomes a warning at the formula's own line, and the strict build fails.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from selfcheck import bundle

logger = logging.getLogger(__name__)
RENDERER = Path(__file__).with_name("katex.mjs")
FONT_SUFFIX = ".woff2"  # every browser of the last ten years reads it


def tex_of(node: nodes.Element) -> str:
    """Return a formula's LaTeX, with ``split`` around lines that need aligning."""
    tex = node.astext()
    aligned = isinstance(node, nodes.math_block) and "\\\\" in tex
    if aligned and "\\begin" not in tex:
        return f"\\begin{{split}}{tex}\\end{{split}}"
    return tex


def render(jobs: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Render formulas in one Node process.

    Args:
        jobs: one ``{"tex": str, "display": bool}`` per formula.

    Returns:
        One ``{"html": str}`` per formula, with ``"error"`` where LaTeX was bad.

    Raises:
        ExtensionError: when Node or KaTeX cannot run at all.
    """
    command = [str(bundle.node_programs()[0]), str(RENDERER), str(bundle.WEB)]
    run = subprocess.run(
        command, input=json.dumps(jobs), capture_output=True, text=True, timeout=120
    )
    if run.returncode:
        raise ExtensionError(
            f"KaTeX did not run; `make clean book` installs it anew:\n{run.stderr}"
        )
    return json.loads(run.stdout)


def formulas(doctree: nodes.document) -> list[nodes.Element]:
    """Return the formulas of a page in reading order."""
    return [
        node
        for node in doctree.findall(nodes.Element)
        if isinstance(node, nodes.math | nodes.math_block)
    ]


def render_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the HTML of every formula of a page into its node."""
    if app.builder.format != "html":
        return
    found = formulas(doctree)
    if not found:
        return
    jobs = [
        {"tex": tex_of(node), "display": isinstance(node, nodes.math_block)}
        for node in found
    ]
    for node, result in zip(found, render(jobs), strict=True):
        if "error" in result:
            logger.warning("%s", result["error"], location=node, type="math")
        node["html"] = result["html"]


def _html(node: nodes.Element) -> str:
    # Formulas made after the page was resolved (a fragment rendered on its own).
    if "html" not in node:
        display = isinstance(node, nodes.math_block)
        node["html"] = render([{"tex": tex_of(node), "display": display}])[0]["html"]
    return node["html"]


def visit_inline(self: HTML5Translator, node: nodes.Element) -> None:
    """Write an inline formula."""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate"))
    self.body.append(f"{_html(node)}</span>")
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.Element) -> None:
    """Write a displayed formula, with its number where it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(f"{_html(node)}</div>\n")
    raise nodes.SkipNode


def add_styles(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document,
) -> None:
    """Load KaTeX's styles on the pages that have formulas, and nowhere else.

    Formulas may come later, too: with the questions of another page's quiz.
    """
    later = app.env.get_domain("math").data["has_equations"].get(pagename)
    if later or 'class="katex"' in context.get("body", ""):
        app.add_css_file("katex/katex.min.css")


def copy_assets(app: Sphinx, exception: Exception | None) -> None:
    """Copy KaTeX's style sheet and fonts into the site."""
    if exception or app.builder.format != "html":
        return
    source = bundle.WEB / "node_modules" / "katex" / "dist"
    target = Path(app.outdir) / "_static" / "katex"
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "katex.min.css", target / "katex.min.css")
    for font in (source / "fonts").glob(f"*{FONT_SUFFIX}"):
        shutil.copyfile(font, target / "fonts" / font.name)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer under the name ``katex_static``."""
    app.add_html_math_renderer(
        "katex_static",
        inline_renderers=(visit_inline, None),
        block_renderers=(visit_block, None),
    )
    app.connect("doctree-resolved", render_page, priority=900)
    app.connect("html-page-context", add_styles)
    app.connect("build-finished", copy_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
