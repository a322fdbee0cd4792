"""What the pages of this book have beyond the theme's: versions, launch links, weight.

- A chapter's footer names the versions of TensorFlow and Keras that produced its
  outputs, taken from the ledger of its execution.
- A chapter is read again when its outputs changed, though its source did not.
- The launch buttons point where Binder and Colab can open something.
- Every page has a description for search engines, and carries no script it can spare.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

NAMES = {"tensorflow": "TensorFlow", "keras": "Keras", "python": "Python"}
#: The widest description that search engines show.
DESCRIPTION_LENGTH = 155


def ledger(app: Sphinx) -> dict[str, dict[str, Any]]:
    """Read what the execution step noted about each chapter; empty before it ran."""
    path = Path(app.confdir) / "_build" / "execution.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def changed_outputs(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> list[str]:
    """Name the pages whose outputs are other than those last read."""
    now = {name: run["fingerprint"] for name, run in ledger(app).items()}
    before = getattr(env, "site_fingerprints", {})
    env.site_fingerprints = now
    return [
        name for name in now if name in env.found_docs and now[name] != before.get(name)
    ]


def versions_line(versions: dict[str, str]) -> str:
    """Return the sentence of the footer: what the outputs were made with."""
    parts = [f"{NAMES[key]} {versions[key]}" for key in NAMES if key in versions]
    return f"The outputs on this page come from {', '.join(parts)}."


def repository_of(app: Sphinx) -> str:
    """Return owner and name of the book's repository, as Binder and Colab want them."""
    return app.config.html_theme_options["repository_url"].split("github.com/")[1]


def insert_live_bar(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the place of the "run live" bar under the title of an executed page."""
    if app.builder.format != "html" or docname not in ledger(app):
        return
    title = next(iter(doctree.findall(nodes.title)), None)
    if title is None:
        return
    repository = repository_of(app)
    hub = app.config.html_theme_options["launch_buttons"]["binderhub_url"]
    html = (
        f'<div class="sc-live" data-live data-binder="gh/{repository}/main"'
        f' data-binderhub="{hub}"></div>'
    )
    title.parent.insert(
        title.parent.index(title) + 1, nodes.raw("", html, format="html")
    )


def description(doctree: nodes.document) -> str:
    """Return the first sentences of a page's prose, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 60:
            return text if len(text) <= DESCRIPTION_LENGTH else _cut(text)
    return ""


def _cut(text: str) -> str:
    return text[: DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def launch_links(app: Sphinx, slug: str) -> dict[str, str]:
    """Return where each button of a chapter leads, by its text.

    Binder's JupyterLab opens a chapter's MyST source as a notebook (jupytext); Colab
    reads notebooks only, and finds them on the branch of the published site.
    """
    options = app.config.html_theme_options
    repository = repository_of(app)
    launch = options["launch_buttons"]
    return {
        "Binder": f"{launch['binderhub_url']}/v2/gh/{repository}/main"
        f"?urlpath=lab/tree/book/{slug}.md",
        "Colab": f"{launch['colab_url']}/github/{repository}"
        f"/blob/gh-pages/notebooks/{slug}.ipynb",
    }


def page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Complete one page's context."""
    if templatename != "search.html":  # its inline script needs them at once
        context["script_files"] = defer_scripts(context["script_files"])
    # docutils writes a viewport of its own beside the layout's.
    meta = re.sub(r'<meta[^>]*name="viewport"[^>]*>', "", context.get("metatags", ""))
    context["metatags"] = meta
    if doctree is not None and not re.search(r'name="description"', meta):
        text = escape(description(doctree) or app.config.project)
        context["metatags"] = f'{meta}\n<meta name="description" content="{text}" />'
    elif doctree is None:
        text = f"{escape(context.get('title', ''))} — {app.config.project}"
        context["metatags"] = f'{meta}\n<meta name="description" content="{text}" />'
    context["body"] = accessible(context.get("body") or "")
    run = ledger(app).get(pagename)
    if run is None:
        return
    context["theme_extra_footer"] = f"<p>{versions_line(run['versions'])}</p>"
    slug = Path(pagename).name
    links = launch_links(app, slug)
    notebook = f"{context['pathto']('notebooks', 1)}/{slug}.ipynb"
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            button["url"] = links.get(button.get("text"), button.get("url"))
            if button.get("text") == ".ipynb":
                button["url"] = notebook
            if button["url"] is None:
                del button["url"]


def defer_scripts(scripts: list[Any]) -> list[Any]:
    """Return a page's scripts, told to wait until the page is drawn.

    Only the options file runs at once: inline scripts of the theme add to it.
    """
    return [
        type(script)(
            script.filename,
            priority=script.priority,
            **{**script.attributes, "defer": "defer"},
        )
        if script.filename and "documentation_options" not in str(script.filename)
        else script
        for script in scripts
    ]


def accessible(body: str) -> str:
    """Mend what docutils and MyST-NB write and the rules of accessibility forbid."""
    # A deprecated role, and no child that a list may have.
    body = body.replace('role="doc-biblioentry"', 'role="listitem"')
    # A label that hides the words it stands on.
    return body.replace(' aria-label="Toggle hidden content"', "")


def drop_copies(app: Sphinx, exception: Exception | None) -> None:
    """Remove the theme's copies of the notebooks: the site has better ones."""
    if not exception and app.builder.format == "html":
        for copy in (Path(app.outdir) / "_sources").rglob("*.ipynb"):
            copy.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to the events of the build."""
    app.connect("env-get-outdated", changed_outputs)
    app.connect("doctree-resolved", insert_live_bar)
    # After the theme (501), which makes the buttons.
    app.connect("html-page-context", page_context, priority=900)
    app.connect("build-finished", drop_copies)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
