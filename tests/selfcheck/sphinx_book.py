"""A book of two pages with a quiz, built by Sphinx in this process."""

import hashlib
import json
import re
from io import StringIO
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

FIRST = """\
# Sums

(toy-add)=
## Adding

Text about adding. See {doc}`second`.

```{quiz} toy
```
"""
SECOND = """\
# Names

(toy-name)=
## Naming

Nothing to see.
"""


class Book:
    """A Sphinx project in a folder, and what its last build said."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out = folder / "src", folder / "html"
        self.source.mkdir()
        self.write("index", FIRST + "\n```{toctree}\nsecond\n```\n")
        self.write("second", SECOND)
        self.warnings = ""

    def write(self, name: str, text: str) -> None:
        (self.source / f"{name}.md").write_text(text, encoding="utf-8")

    def build(self, builder: str = "html", jobs: int = 1) -> Sphinx:
        said = StringIO()
        options = {
            "extensions": ["myst_parser", "selfcheck.sphinx_ext"],
            "selfcheck_pools": "../quizzes",
            "myst_enable_extensions": ["dollarmath"],
            "exclude_patterns": ["**/none"],
        }
        out = self.out if builder == "html" else self.out.with_name(builder)
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                self.source,
                None,
                out,
                self.out.with_name("doctrees"),
                builder,
                confoverrides=options,
                status=None,
                warning=said,
                parallel=jobs,
            )
            app.build()
        self.warnings = said.getvalue()
        return app

    def page(self, name: str = "index") -> str:
        return (self.out / f"{name}.html").read_text(encoding="utf-8")

    def data(self) -> dict:
        found = re.search(r'class="sc-data">(.*?)</script>', self.page(), re.DOTALL)
        return self.with_answers(json.loads(found[1]))

    def with_answers(self, data: dict) -> dict:
        """Put the answers in that the page would load when its quiz is begun."""
        assert not any("sealed" in item for item in data["items"])
        brought = self.script(data["answers"])
        assert brought["salt"] == data["salt"]
        for item in data["items"]:
            item["sealed"] = brought["sealed"][item["id"]]
        return data

    def script(self, address: str) -> dict:
        """Return what a script leaves in the page; its version must be its hash."""
        path, _, version = address.lstrip("./").partition("?v=")
        source = (self.out / path).read_bytes()
        assert hashlib.sha256(source).hexdigest().startswith(version) and version
        return json.loads(source.decode().partition(" = ")[2].rstrip(";\n"))
