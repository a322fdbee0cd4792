"""The front pages and the papers beside the code say what is so."""

from __future__ import annotations

import re

import pytest
from tools import bootstrap
from tools.chapters import ROOT, pages

BOOK = ROOT / "book"


def text(name: str) -> str:
    """Return a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def pinned(package: str) -> str:
    """Return major and minor of a pin in requirements.txt."""
    found = re.search(rf"(?m)^{package}==(\d+\.\d+)", text("requirements.txt"))
    assert found, f"no pin of {package} in requirements.txt"
    return found.group(1)


@pytest.mark.parametrize("page", ["index", "setup", "course_map"])
def test_front_pages_name_the_pinned_versions(page: str) -> None:
    prose = text(f"book/{page}.md")
    named = set(re.findall(r"\b(TensorFlow|Keras) (\d+\.\d+)\b", prose))
    right = {("TensorFlow", pinned("tensorflow")), ("Keras", pinned("keras"))}
    assert named, page
    assert named <= right, f"{page}: {named - right}"


def test_the_self_test_asks_for_the_pinned_versions() -> None:
    prose = text("book/setup.md")
    for package in ("tensorflow", "keras"):
        assert f'startswith("{pinned(package)}.")' in prose


def test_setup_names_the_pythons_that_the_bootstrap_takes() -> None:
    named = re.search(r"Python (3\.\d+), (3\.\d+), or (3\.\d+)", text("book/setup.md"))
    assert named
    versions = [tuple(map(int, name.split("."))) for name in named.groups()]
    assert (versions[0], versions[-1]) == (bootstrap.OLDEST, bootstrap.NEWEST)


def test_every_make_target_that_a_paper_names_is_there() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", text("Makefile")))
    for name in ("book/setup.md", "CONTRIBUTING.md", "MAINTAINING.md", "README.md"):
        named = re.findall(r"(?:`|^)make (?:[A-Z]+=\S+ )*([a-z]+)", text(name), re.M)
        assert named, name
        assert set(named) <= targets, name


def test_every_file_that_a_paper_names_is_there() -> None:
    for name in ("CONTRIBUTING.md", "MAINTAINING.md", "STYLE.md"):
        prose = text(name)
        paths = re.findall(r"`((?:book|tests|code|tools)/[\w./]+\.\w+)`", prose)
        paths += re.findall(r"\]\(([A-Z]\w+(?:\.md)?)\)", prose)
        missing = [path for path in paths if not (ROOT / path).exists()]
        assert paths and not missing, f"{name}: {missing}"


def test_contributing_is_short() -> None:
    assert len(text("CONTRIBUTING.md").splitlines()) <= 40


def test_the_license_covers_code_and_text() -> None:
    license_text = text("LICENSE")
    assert "https://creativecommons.org/licenses/by/4.0/" in license_text
    for number in range(1, 10):
        assert re.search(rf"(?m)^   {number}\. ", license_text), f"section {number}"
    assert "END OF TERMS AND CONDITIONS" in license_text


def test_every_entry_of_the_glossary_is_backed() -> None:
    body = text("book/glossary.md").partition("```{glossary}")[2]
    entries = re.split(r"\n(?=\S)", body.partition("\n```")[0])
    entries = [entry for entry in entries if "\n" in entry.strip()]
    assert len(entries) >= 15
    for entry in entries:
        backed = re.search(r"\{(?:tfsrc|kerassrc|doc|ref|cite)\}", entry)
        assert backed, f"cite the source of {entry.splitlines()[0]!r}"


def test_terms_of_the_glossary_are_sorted_in_the_source() -> None:
    body = text("book/glossary.md").partition(":sorted:")[2].partition("\n```")[0]
    terms = re.findall(r"(?m)^(\S.*)$", body)
    assert terms == sorted(terms, key=str.lower)


def test_every_paper_is_cited_and_has_a_place_to_be_read() -> None:
    bib = text("book/references.bib")
    keys = re.findall(r"(?m)^@\w+\{([^,]+),", bib)
    assert len(keys) == len(set(keys))
    prose = "".join(text(f"{name}.md") for name in pages())
    groups = re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", prose)
    cited = {key.strip() for group in groups for key in group.split(",")}
    assert set(keys) == cited
    for entry in re.split(r"\n(?=@)", bib):
        if entry.startswith("@"):
            assert re.search(r"(?m)^\s*(?:doi|url|isbn)\s*=", entry), entry[:60]
