"""MyST as HTML without Sphinx, for the outputs of a notebook."""

import html
import re
from collections.abc import Mapping
from typing import Any

_ROLE = re.compile(r"\{([a-z][a-z0-9:_-]*)\}`([^`]+)`")
_TARGET = re.compile(r"^(.+?)\s*<[^<>]+>$", re.DOTALL)


def render(source: str) -> str:
    """Return MyST as HTML without Sphinx: references become their words.

    >>> render("{ref}`Tapes <tape>` record `x`.")
    '<p>Tapes record <code>x</code>.</p>'
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def role(match: re.Match[str]) -> str:
        name, text = match[1], match[2].lstrip("~")
        target = _TARGET.match(text)
        words = target[1] if target else text
        return f"`{words}`" if name.startswith(("py:", "code", "tfsrc")) else words

    def spans(line: str) -> str:
        return _ROLE.sub(role, line)

    parts = re.split(r"(?ms)^( *(?:```|~~~).*?^ *(?:```|~~~) *$)", source)
    plain = "".join(spans(part) if n % 2 == 0 else part for n, part in enumerate(parts))
    markdown = MarkdownIt("commonmark", {"highlight": _highlight}).enable("table")
    # Jupyter sets formulas in outputs itself; it only has to find them whole.
    markdown.use(dollarmath_plugin, renderer=_formula)
    return markdown.render(plain).strip()


def _formula(tex: str, options: Mapping[str, Any]) -> str:
    mark = "$$" if options["display_mode"] else "$"
    return html.escape(f"{mark}{tex}{mark}")


def _highlight(code: str, language: str, _: Any) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.strip("{}") or "text")
    except ClassNotFound:
        return ""
    # Styles in the elements: a notebook has no stylesheet for them.
    formatter = HtmlFormatter(nowrap=True, noclasses=True, style="tango")
    colors = "background: #f8f8f8; color: #202020; padding: 0.6em"
    body = highlight(code, lexer, formatter)
    return f'<pre style="{colors}"><code>{body}</code></pre>'
