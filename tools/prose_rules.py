"""The rules of STYLE.md that a program can check in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.mdpage import CODE, Page, glossary_terms
from tools.mdread import read_page
from tools.rules import Finding, Rule, rule

PROSE_RULES: list[Rule] = []

PRAISE = (
    "powerful",
    "elegant(?:ly)?",
    "robust(?:ly|ness)?",
    "seamless(?:ly)?",
    "crucial(?:ly)?",
    "simply",
    "easily",
    "obvious(?:ly)?",
    "of course",
    "effortless(?:ly)?",
    "amazing(?:ly)?",
)
THROAT = (
    "dive into",
    "(?:in|throughout) this (?:section|chapter),? we",
    "it is worth (?:noting|mentioning)",
    "note that",
    "as (?:we have )?mentioned",
    "in other words",
    "needless to say",
    "let's",
    "let’s",
)
FLOURISH = (
    r"\bnot only\b[^.]{1,120}\bbut\b",
    r"\b(?:it|this|that)(?:'s|’s| is) not (?:just |merely )?[^.;:,]{1,60}[,;:] "
    r"(?:it|this|that)(?:'s|’s| is)\b",
)
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]")
POSITION = (
    r"\b(?:above|below)\b(?!\s+(?:zero|one|two|\d|⟦|the (?:diagonal|threshold)))",
    r"\b(?:previous|preceding|last|next|following|earlier|later) "
    r"(?:chapter|section|figure|listing|exercise)s?\b",
)
BRITISH = (
    r"(?:behavi|col|fav|flav|hon|neighb)our\w*",
    r"(?:cancel|label|model|signal|travel)l(?:ed|ing|er)",
    r"(?:centre|metre|fibre)[sd]?|analys(?:e|ed|ing)|programmes?|grey|whilst|artefacts?",
    r"(?:general|initial|maxim|minim|normal|optim|organ|parametr|quant|random|recogn"
    r"|regular|serial|special|summar|token|vector|visual)is(?:e|es|ed|ing|ation|er)s?",
)
#: Written with a capital inside a heading: names, and nothing else.
NAMES = {
    "TensorFlow",
    "Keras",
    "Python",
    "NumPy",
    "AutoGraph",
    "Grappler",
    "Functional",
}
NAMES |= {
    "Jacobian",
    "Hessian",
    "Huber",
    "Siamese",
    "Adam",
    "Binder",
    "Colab",
    "Windows",
}


def _search(page: Page, patterns: tuple[str, ...], advice: str) -> Iterator[Finding]:
    pattern = re.compile("|".join(patterns).replace(" ", r"\s+"), re.IGNORECASE)
    for block in page.blocks:
        for hit in pattern.finditer(block.text):
            found = " ".join(hit.group().split())
            yield Finding(block.line_of(hit.start()), f"{found!r}", advice)


@rule(12, PROSE_RULES)
def never_says_i(page: Page) -> Iterator[Finding]:
    """ "We" is author and reader at work, "you" the reader alone."""
    for block in page.blocks:
        for hit in re.finditer(r"(?<!Part )\bI\b(?![/.)])", block.text):
            yield Finding(block.line_of(hit.start()), "'I'", "say 'we' or 'you'")


@rule(14, PROSE_RULES)
def argues_outside_of_lists(page: Page) -> Iterator[Finding]:
    """At most 5 % of the words stand in lists, beside the two that a chapter has."""
    free = [b for b in page.blocks if "objectives" in b.inside]
    free += page.section("In the source")
    counted = [b for b in page.blocks if b not in free]
    words = sum(block.words for block in counted)
    listed = sum(block.words for block in counted if block.is_item)
    if listed > 0.05 * words:
        first = next(block for block in counted if block.is_item)
        found = f"{listed} of {words} words stand in lists"
        yield Finding(first.line, found, "at most 5 %: argue in paragraphs")


@rule(15, PROSE_RULES)
def neither_praises_nor_comforts(page: Page) -> Iterator[Finding]:
    """No word that praises the thing or comforts the reader."""
    words = tuple(rf"\b{word}\b" for word in PRAISE)
    yield from _search(page, words, "leave it out, or say what is so and why")


@rule(16, PROSE_RULES)
def clears_no_throat(page: Page) -> Iterator[Finding]:
    """No phrase that announces what the next one says."""
    phrases = tuple(rf"\b{phrase}\b" for phrase in THROAT)
    yield from _search(page, phrases, "begin with what you mean")


@rule(17, PROSE_RULES)
def has_no_flourish(page: Page) -> Iterator[Finding]:
    """No "not only", no "it is not this, it is that", no exclamation, no emoji."""
    yield from _search(page, FLOURISH, "say the second half alone")
    for block in page.blocks:
        for hit in re.finditer(r"!(?!=)", block.text):
            yield Finding(block.line_of(hit.start()), "'!'", "end with a period")
        for hit in EMOJI.finditer(block.text):
            line = block.line_of(hit.start())
            yield Finding(line, f"{hit.group()!r}", "use a word")


@rule(17, PROSE_RULES)
def sets_only_defined_terms_in_bold(page: Page) -> Iterator[Finding]:
    """Bold marks a term where it is defined, and the glossary has it too."""
    terms = glossary_terms(read_page(page.path.with_name("glossary.md")))
    for block in page.blocks:
        for bold in block.bold:
            word = bold.strip(" .,:").lower()
            stems = {word, re.sub(r"(?:s|es|ed|ing)$", "", word)}
            stems.add(re.sub(r"ies$", "y", word))
            if CODE not in bold and not stems & terms:
                advice = "add the term to the glossary, or unset the bold"
                yield Finding(block.line, f"**{bold}**", advice)


@rule(19, PROSE_RULES)
def refers_by_label(page: Page) -> Iterator[Finding]:
    """A place is named by its label, never by where it stands on the page."""
    advice = "refer by {ref}, {numref}, or {doc}"
    yield from _search(page, POSITION, advice)


@rule(20, PROSE_RULES)
def puts_prose_under_each_heading(page: Page) -> Iterator[Finding]:
    """No heading is followed by a heading."""
    for (kind, _), (following, line) in zip(page.order, page.order[1:], strict=False):
        if kind == following == "heading":
            found = "a heading right after a heading"
            yield Finding(line, found, "say what the section asks")


@rule(20, PROSE_RULES)
def writes_headings_in_sentence_case(page: Page) -> Iterator[Finding]:
    """Only the first word of a heading and names begin with a capital."""
    for heading in page.headings:
        words = re.findall(
            r"(?<![\w'’])[A-Z][a-z]+\b", re.sub(r": \w", "", heading.text)
        )
        first = re.match(r"\W*(\w+)", heading.text)
        for word in words:
            if word not in NAMES and not (first and word == first.group(1)):
                advice = "sentence case; a name belongs to NAMES in prose_rules.py"
                yield Finding(heading.line, f"{word!r} in a heading", advice)
        if heading.text.endswith((".", ":")):
            yield Finding(heading.line, f"{heading.text!r}", "no period or colon")


@rule(21, PROSE_RULES)
def spells_american(page: Page) -> Iterator[Finding]:
    """American spelling throughout."""
    words = tuple(rf"\b(?:{form})\b" for form in BRITISH)
    yield from _search(page, words, "spell it the American way")


@rule(22, PROSE_RULES)
def says_what_each_picture_shows(page: Page) -> Iterator[Finding]:
    """Every picture has an alternative text."""
    for directive in page.named("figure", "image"):
        if not directive.options.get("alt"):
            found = f"{directive.name} without alt"
            yield Finding(directive.line, found, "add :alt: with what it shows")
    for cell in page.cells:
        render = cell.options.get("mystnb", {})
        if "figure" in render and not render.get("image", {}).get("alt"):
            found = "a figure without alt"
            yield Finding(cell.line, found, "add mystnb: image: alt")
        if "figure" in render and not render["figure"].get("caption"):
            yield Finding(cell.line, "a figure without caption", "say its message")
