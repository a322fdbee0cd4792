"""Pages that weigh little: one style sheet, the icons that are used, images that wait.

The theme and its extensions bring nine style sheets and two icon fonts, and a page uses
a tenth of them. A browser draws nothing until it has them all. After the pages are
written, the sheets are joined into one that holds the rules some page can use, and the
fonts are cut down to the icons in it.
"""

from __future__ import annotations

import logging
import re
import struct
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docutils import nodes
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from selfcheck import bundle

logging.getLogger("fontTools").setLevel(logging.WARNING)
PURGE = Path(__file__).with_name("purge.mjs")
SITE_SHEET = "_static/site.css"
#: What the theme's templates would link before any other sheet.
THEME_SHEETS = ("_static/styles/theme.css", "_static/styles/pydata-sphinx-theme.css")
#: Sheets that only some pages need stay by themselves.
SEPARATE = re.compile(r"katex|selfcheck")
FONTS = "_static/vendor/fontawesome/webfonts"


def link_one_sheet(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Let a page link the joined sheet in place of those that are in it."""
    kept, joined = [], []
    for sheet in context.get("css_files", []):
        name = str(getattr(sheet, "filename", sheet))
        (kept if SEPARATE.search(name) else joined).append(sheet)
    known = app.env.__dict__.setdefault("site_sheets", [])
    for sheet in joined:
        name = str(getattr(sheet, "filename", sheet)).partition("?")[0]
        if name not in known:
            known.append(name)
    context["css_files"] = kept
    body = context.get("body")
    if body:
        body = IMAGE.sub(lambda found: _waiting(app, found), body)
        context["body"] = CODE.sub(_counted, body)


IMAGE = re.compile(r'<img(?P<rest>[^>]*?\bsrc="(?P<src>[^"]*_images/[^"]+)"[^>]*?)/?>')


SVG_SIZE = re.compile(rb'<svg[^>]*?viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', re.S)
POINT = 4 / 3  # CSS pixels; Matplotlib writes its view boxes in points


CODE = re.compile(r'<div class="highlight">(?=<pre>(?P<code>.*?)</pre>)', re.S)


def _counted(found: re.Match[str]) -> str:
    """Return the opening of a code block that names its number of lines.

    With it the style sheet gives the block its height, and the browser need not lay
    out the thousands of colored words in it before they are near.
    """
    lines = found["code"].rstrip("\n").count("\n") + 1
    return f'<div class="highlight" style="--lines: {lines}">'


def image_size(path: Path) -> tuple[int, int] | None:
    """Return (width, height) in CSS pixels of a PNG or SVG file, None for others."""
    head = path.read_bytes()[:4096] if path.exists() else b""
    if head[:4] == b"\x89PNG":
        return struct.unpack(">II", head[16:24])
    found = SVG_SIZE.search(head)
    return tuple(round(float(n) * POINT) for n in found.groups()) if found else None


def _waiting(app: Sphinx, found: re.Match[str]) -> str:
    """Return an image that waits until it is near, in a place of its final size."""
    name = unquote(found["src"].rpartition("/")[2])
    attributes = found["rest"].rstrip()
    # The builder copies the images after the pages: look where it takes them from.
    sources = {copy: uri for uri, copy in app.builder.images.items()}
    size = image_size(Path(app.srcdir) / sources[name]) if name in sources else None
    if size and not re.search(r"\bwidth=|width:", attributes):
        attributes += f' width="{size[0]}" height="{size[1]}"'
    return f'<img{attributes} loading="lazy" decoding="async" />'


def join_sheets(site: Path, sheets: list[str]) -> str:
    """Write the joined sheet; return its text.

    Raises:
        ExtensionError: when Node cannot run the step.
    """
    node, _ = bundle.node_programs()
    present = [sheet for sheet in sheets if (site / sheet).exists()]
    command = [node, PURGE, bundle.WEB, site, SITE_SHEET, *present]
    run = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=300
    )
    if run.returncode:
        raise ExtensionError(f"the style sheets could not be joined:\n{run.stderr}")
    return (site / SITE_SHEET).read_text(encoding="utf-8")


def used_icons(css: str) -> set[int]:
    """Return the code points of the icons that a sheet can show."""
    escaped = {int(code, 16) for code in re.findall(r'"\\([0-9a-f]{4,5})"', css)}
    return escaped | {ord(c) for c in css if 0xE000 <= ord(c) <= 0xF8FF}


def cut_fonts(folder: Path, source: Path, icons: set[int]) -> None:
    """Write the icon fonts with the used icons alone."""
    for font_file in sorted(source.glob("*.woff2")):
        options = subset.Options(flavor="woff2", desubroutinize=True)
        font = TTFont(font_file)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=icons)
        cutter.subset(font)
        font.flavor = "woff2"
        font.save(folder / font_file.name)
    for other in folder.glob("*.ttf"):
        other.unlink()  # for browsers that read no WOFF2: none of the last ten years


#: The theme measures and marks one scrolling block after the other, and each mark makes
#: the browser lay the page out again: 60 times in a chapter. Measured first and marked
#: afterwards, when the browser has time, it does so once.
MARK_EACH = re.compile(
    r"document\.querySelectorAll\((?P<blocks>\[[^\]]*\]\.join\([^)]*\))\)"
    r"\.forEach\(e=>\{e\.tabIndex=(?P<test>[^{}]*?)\?0:-1\}\)\}"
    r"(?P<between>.{0,300}?\{subtree:!0,childList:!0\}\)),e\(\)\}"
)
MARK_AFTERWARDS = (
    r"Array.from(document.querySelectorAll(\g<blocks>),e=>[e,\g<test>])"
    r".forEach(([e,scrolls])=>{e.tabIndex=scrolls?0:-1})}"
    r"\g<between>,(window.requestIdleCallback||setTimeout)(e)}"
)
THEME_SCRIPT = "_static/scripts/pydata-sphinx-theme.js"


def mark_afterwards(script: str) -> str:
    """Return the theme's script with its measuring and its marking apart."""
    return MARK_EACH.sub(MARK_AFTERWARDS, script)


def remembered(site: Path, seen: list[str]) -> list[str]:
    """Return the sheets that the pages of a site use, in their order.

    A build writes the pages that changed and sees the sheets of these alone, so the
    list of earlier builds stands beside the site's sheet.
    """
    path = site / f"{SITE_SHEET}.txt"
    before = path.read_text(encoding="utf-8").split() if path.exists() else []
    names = before + [name for name in seen if name not in before]
    path.write_text("\n".join(names), encoding="utf-8")
    return names


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Join the sheets and cut the fonts, once all pages are written."""
    if exception or app.builder.format != "html" or app.builder.name == "linkcheck":
        return
    site = Path(app.outdir)
    names = remembered(site, getattr(app.env, "site_sheets", []))
    css = join_sheets(site, [*THEME_SHEETS, *names])
    (site / SITE_SHEET).write_text(
        css.replace("font-display:block", "font-display:swap")
    )
    script = site / THEME_SCRIPT
    text = script.read_text(encoding="utf-8")
    script.write_text(mark_afterwards(text), encoding="utf-8")
    import pydata_sphinx_theme

    theme = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme"
    source = theme / "static" / FONTS.removeprefix("_static/")
    cut_fonts(site / FONTS, source, used_icons(css))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to the events of the build."""
    # After every extension that adds a sheet.
    app.connect("html-page-context", link_one_sheet, priority=990)
    app.connect("build-finished", finish, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
