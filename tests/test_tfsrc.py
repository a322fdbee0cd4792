"""The source-citation role, on a two-page book."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tfsrc

EXTENSIONS = Path(tfsrc.__file__).parent

CONF = """
extensions = ["myst_parser", "tfsrc"]
tfsrc_sources = {
    "tensorflow": {"repository": "https://example.org/tf", "tag": "v9.9.9"},
    "keras": {"repository": "https://example.org/keras", "tag": "v3.3.3"},
}
"""


def build(folder: Path, **files: str) -> tuple[str, str]:
    """Build a book of the given pages; return the second page's HTML and warnings."""
    (folder / "conf.py").write_text(CONF)
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text)
    command = [sys.executable, "-m", "sphinx", "-q", "-N", ".", "out"]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(EXTENSIONS)},
    )
    return (folder / "out" / "cited.html").read_text(), done.stderr


INDEX = "# Index\n\n```{toctree}\ncited\n```\n"


def test_a_citation_links_to_the_lines_of_its_symbol_at_the_tag(tmp_path):
    file = "tensorflow/python/eager/backprop.py"
    html, warnings = build(
        tmp_path,
        index=INDEX,
        cited=f"# Cited\n\n{{tfsrc}}`{file}#GradientTape.watch`\n",
    )
    assert warnings == ""
    path = tfsrc.installed_root("tensorflow") / file
    first, last = tfsrc.python_symbols(path)["GradientTape.watch"]
    lines = path.read_text().splitlines()
    assert "def watch(" in lines[first - 1]
    url = f"https://example.org/tf/blob/v9.9.9/{file}#L{first}-L{last}"
    assert f'href="{url}"' in html


def test_keras_is_cited_at_its_own_tag(tmp_path):
    file = "keras/src/layers/layer.py"
    html, warnings = build(
        tmp_path, index=INDEX, cited=f"# Cited\n\n{{kerassrc}}`{file}#Layer.__call__`\n"
    )
    assert warnings == ""
    assert f"https://example.org/keras/blob/v3.3.3/{file}#L" in html


@pytest.mark.parametrize(
    ("citation", "words"),
    [
        ("tensorflow/python/eager/backprop.py#GradientTape.rewind", "rewind"),
        ("tensorflow/python/eager/backpropagation.py#GradientTape", "no file"),
        ("tensorflow/c/eager/tape.h#UnwindTape", "no UnwindTape"),
        ("tensorflow/python/eager/backprop.txt", "expected a .py"),
    ],
)
def test_a_citation_that_no_longer_holds_is_a_located_warning(
    tmp_path, citation, words
):
    page = f"# Cited\n\nText before it.\n\n{{tfsrc}}`{citation}`\n"
    _, warnings = build(tmp_path, index=INDEX, cited=page)
    assert words in warnings
    assert "cited.md:5" in warnings


def test_headers_are_checked_and_sources_link_without_lines(tmp_path):
    page = (
        "# Cited\n\n{tfsrc}`tensorflow/c/eager/tape.h#GradientTape::ComputeGradient`"
        " and {tfsrc}`tensorflow/python/eager/pywrap_tfe_src.cc#TapeGradient`\n"
    )
    html, warnings = build(tmp_path, index=INDEX, cited=page)
    assert warnings == ""
    assert 'blob/v9.9.9/tensorflow/c/eager/tape.h"' in html
    assert 'pywrap_tfe_src.cc"' in html


def test_generated_files_are_named_without_a_link(tmp_path):
    page = "# Cited\n\n{tfsrc}`tensorflow/python/ops/gen_math_ops.py#add_v2`\n"
    html, warnings = build(tmp_path, index=INDEX, cited=page)
    assert warnings == ""
    assert "gen_math_ops.py" in html and "/blob/" not in html


def test_unchecked_citations_are_listed_for_the_version_checklist(tmp_path):
    (tmp_path / "one.md").write_text(
        "{tfsrc}`a/b.cc#F` {tfsrc}`a/c.py#G` {tfsrc}`a/b.cc#F`"
    )
    assert tfsrc.unchecked_citations(tmp_path) == ["a/b.cc#F"]
